//! The bytes that mean something in a body, and how a reference is read.

pub(super) const REFERENCE: u8 = 1;
pub(super) const DEFINE: u8 = 2;
pub(super) const DEFINED: u8 = 3;
pub(super) const GENERATION: u8 = 4;
pub(super) const REFERENCE_BYTES: usize = 4;

/// What is wrong with a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrong {
    /// A mark without its end, or an unknown digit.
    Torn,
    /// A reference to what isn't defined.
    Unknown,
    /// More levels than a definition may have.
    Deep,
    /// Not the length that was announced.
    Length,
}

/// Where a reference points, and the byte after it.
pub(super) fn reference(body: &[u8], at: usize) -> Result<(usize, usize), Wrong> {
    let digits = body.get(at + 1..at + REFERENCE_BYTES).ok_or(Wrong::Torn)?;
    let number = digits.iter().try_fold(0_usize, |number, digit| {
        let value = digit.checked_sub(0x30).filter(|value| *value < 64)?;
        Some(number << 6 | usize::from(value))
    });
    Ok((number.ok_or(Wrong::Torn)?, at + REFERENCE_BYTES))
}
