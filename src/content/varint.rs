//! Whole numbers in as few bytes as they need (LEB128, zigzag for signed ones).

/// Appends `value`, seven bits a byte, the lowest first.
pub fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}

/// Appends a signed value; small distances in either direction stay small.
pub fn put_signed(out: &mut Vec<u8>, value: i64) {
    put(out, (value.wrapping_shl(1) ^ (value >> 63)).cast_unsigned());
}

/// Takes a value off the front of `bytes`; `None` if there is none.
pub fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

/// Takes a signed value off the front of `bytes`.
pub fn take_signed(bytes: &mut &[u8]) -> Option<i64> {
    take(bytes).map(|value| (value >> 1).cast_signed() ^ -(value & 1).cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_comes_back() {
        for value in [0, 1, -1, 63, 64, -65, 300, i64::MAX, i64::MIN] {
            let mut bytes = Vec::new();
            put_signed(&mut bytes, value);
            let mut rest = bytes.as_slice();
            assert_eq!(take_signed(&mut rest), Some(value));
            assert!(rest.is_empty());
        }
    }

    #[test]
    fn an_endless_value_is_refused() {
        assert_eq!(take(&mut [0xff_u8; 12].as_slice()), None);
        assert_eq!(take(&mut [].as_slice()), None);
    }
}
