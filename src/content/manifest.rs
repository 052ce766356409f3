//! A JSON text as literal bytes with holes, and its form as bytes.
//!
//! Layout: a check of eight bytes; the number of holes, for each the literal bytes before it and its piece; then the
//! literal bytes. A piece that is newer than the one before is written as the distance between their ids: those of one
//! conversation lie close together, so a hole takes two or three bytes. One that is older, as what recurs in every span
//! is, is written as its id, negated: the same bytes in every manifest, which take next to nothing where these are
//! compressed together.
//! The check covers the literals and the hash of every piece: a wrong piece matches its own hash, but not this.

use super::checksum::{Checksum, checksum};
use super::{MAX_TEXT, PieceHash, depth, split, varint};
use crate::error::{Error, Result};
use crate::json;
use split::{Cuts, Unsplittable};
use std::borrow::Cow;
use std::collections::HashSet;

/// Bytes of the check at the front of a manifest.
const CHECK_BYTES: usize = 8;

/// A place in the literal text where a piece belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hole {
    /// Offset in `Manifest::literal`.
    pub at: usize,
    /// The piece's id in its backend, greater than 0.
    pub piece: i64,
}

/// A decoded manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    check: [u8; CHECK_BYTES],
    pub literal: String,
    pub holes: Vec<Hole>,
}

/// A text and what became of it, for the next one that begins like it.
#[derive(Default)]
pub struct Recent {
    text: String,
    cuts: Cuts,
    pieces: Vec<(PieceHash, i64)>,
}

impl Recent {
    /// The pieces of the text, in the order of its holes.
    pub fn pieces(&self) -> &[(PieceHash, i64)] {
        &self.pieces
    }

    /// Memory that it holds on to, bytes.
    pub fn bytes(&self) -> usize {
        self.text.capacity() + self.cuts.bytes() + self.pieces.capacity() * size_of::<(PieceHash, i64)>()
    }
}

/// What the text of a manifest is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A document, or what a later word gives of one.
    Object,
    /// What is added to a document's list.
    List,
}

impl Form {
    /// Fails for anything but a document.
    pub fn require_object(self) -> Result<()> {
        if self == Self::Object { Ok(()) } else { Err(Error::corrupt(NO_OBJECT)) }
    }
}

const NO_OBJECT: &str = "a stored document is no JSON object";

impl Manifest {
    /// Splits `text`, hands every piece to `intern`, which stores it and gives its id, and keeps the rest.
    ///
    /// Text nested below `depth::MAX_DEPTH` levels is cut off there with a marker.
    pub fn of(text: &str, intern: impl FnMut(&PieceHash, &str) -> Result<i64>) -> Result<Self> {
        Self::after(text, &mut Recent::default(), intern)
    }

    /// Like `of`, for a text that probably begins like the one before it: what both begin with is neither split nor
    /// hashed again, nor interned. The caller empties `recent` when the ids in it may no longer hold.
    pub fn after(
        text: &str,
        recent: &mut Recent,
        mut intern: impl FnMut(&PieceHash, &str) -> Result<i64>,
    ) -> Result<Self> {
        if text.len() > MAX_TEXT {
            return Err(Error::invalid(format!(
                "a document of {} bytes is larger than one can be ({MAX_TEXT})",
                text.len()
            )));
        }
        let (text, cuts, same) = split_after(text, recent)?;
        let mut literal = String::new();
        let mut pieces = recent.pieces[..same].to_vec();
        let mut holes = Vec::with_capacity(cuts.ranges.len());
        let mut copied = 0;
        for (at, cut) in cuts.ranges.iter().enumerate() {
            literal.push_str(&text[copied..cut.start]);
            copied = cut.end;
            if at >= same {
                let piece_text = &text[cut.clone()];
                let hash = PieceHash::of(piece_text);
                pieces.push((hash, intern(&hash, piece_text)?));
            }
            holes.push(Hole { at: literal.len(), piece: pieces[at].1 });
        }
        literal.push_str(&text[copied..]);
        let check = check(&literal, &holes, pieces.iter().map(|(hash, _)| *hash));
        text.as_ref().clone_into(&mut recent.text);
        recent.cuts = cuts;
        recent.pieces = pieces;
        Ok(Self { check, literal, holes })
    }

    /// Of an object without fields.
    pub fn of_empty_object() -> Self {
        let literal = "{}".to_owned();
        Self { check: check(&literal, &[], std::iter::empty()), literal, holes: Vec::new() }
    }

    /// The bytes that `from_bytes` reads.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(CHECK_BYTES + self.literal.len() + self.holes.len() * 3 + 4);
        bytes.extend_from_slice(&self.check);
        varint::put(&mut bytes, self.holes.len() as u64);
        let (mut at, mut before) = (0, 0);
        for hole in &self.holes {
            varint::put(&mut bytes, (hole.at - at) as u64);
            let is_older = hole.piece < before;
            varint::put_signed(
                &mut bytes,
                if is_older { hole.piece.wrapping_neg() } else { hole.piece.wrapping_sub(before) },
            );
            (at, before) = (hole.at, hole.piece);
        }
        bytes.extend_from_slice(self.literal.as_bytes());
        bytes
    }

    /// Reads what `to_bytes` made; anything else is `CORRUPT`, never a panic.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let damaged = || Error::corrupt("a manifest is damaged");
        let (check, mut rest) = bytes.split_first_chunk::<CHECK_BYTES>().ok_or_else(damaged)?;
        let count = varint::take(&mut rest).ok_or_else(damaged)?;
        if count > rest.len() as u64 {
            return Err(damaged());
        }
        let mut holes = Vec::with_capacity(usize::try_from(count).map_err(|_| damaged())?);
        let (mut at, mut piece) = (0_usize, 0_i64);
        for _ in 0..count {
            let gap = varint::take(&mut rest).and_then(|gap| usize::try_from(gap).ok()).ok_or_else(damaged)?;
            at = at.checked_add(gap).ok_or_else(damaged)?;
            let step = varint::take_signed(&mut rest).ok_or_else(damaged)?;
            piece = if step < 0 { step.wrapping_neg() } else { piece.wrapping_add(step) };
            holes.push(Hole { at, piece });
        }
        let literal = String::from_utf8(rest.to_vec()).map_err(|_| damaged())?;
        if holes.iter().any(|hole| !literal.is_char_boundary(hole.at)) {
            return Err(damaged());
        }
        Ok(Self { check: *check, literal, holes })
    }

    /// Fails unless the pieces with these hashes and lengths, in the order of the holes, are the ones that went in, and
    /// make an object or a list that is no larger than one that is taken in: however often a piece is referred to, it
    /// counts.
    pub fn verify(&self, pieces: impl IntoIterator<Item = (PieceHash, usize)>) -> Result<Form> {
        let mut text = self.literal.len();
        let hashes = pieces.into_iter().map(|(hash, length)| {
            text = text.saturating_add(length);
            hash
        });
        if check(&self.literal, &self.holes, hashes) != self.check {
            return Err(Error::corrupt("a stored document does not match its check"));
        }
        if text > MAX_TEXT {
            return Err(Error::corrupt("a stored document is larger than one can be"));
        }
        let start = json::skip_space(self.literal.as_bytes(), 0);
        let is_hole = self.holes.first().is_some_and(|hole| hole.at <= start);
        match self.literal.as_bytes().get(start).filter(|_| !is_hole) {
            Some(b'{') => Ok(Form::Object),
            Some(b'[') => Ok(Form::List),
            _ => Err(Error::corrupt(NO_OBJECT)),
        }
    }

    /// The pieces that it uses.
    pub fn pieces(&self) -> HashSet<i64> {
        self.holes.iter().map(|hole| hole.piece).collect()
    }

    /// The exact text that went in, given the text of each hole's piece in order.
    pub fn expand(&self, pieces: &[&str]) -> String {
        let mut text =
            String::with_capacity(self.literal.len() + pieces.iter().map(|piece| piece.len()).sum::<usize>());
        let mut copied = 0;
        for (hole, piece) in self.holes.iter().zip(pieces) {
            text.push_str(&self.literal[copied..hole.at]);
            text.push_str(piece);
            copied = hole.at;
        }
        text.push_str(&self.literal[copied..]);
        text
    }
}

/// The text, cut off where it is too deep, its cuts, and how many of them are those of the recent text.
fn split_after<'a>(text: &'a str, recent: &Recent) -> Result<(Cow<'a, str>, Cuts, usize)> {
    let shared = shared_beginning(text.as_bytes(), recent.text.as_bytes());
    match split::cuts_after(text, &recent.cuts, shared) {
        Ok((cuts, same)) => Ok((Cow::Borrowed(text), cuts, same)),
        Err(Unsplittable::TooDeep) => {
            let clamped = depth::clamp(text)?;
            let cuts = split::cuts(&clamped).map_err(refused)?;
            Ok((Cow::Owned(clamped), cuts, 0))
        }
        Err(other) => Err(refused(other)),
    }
}

/// How many bytes two texts begin with alike.
fn shared_beginning(one: &[u8], other: &[u8]) -> usize {
    const STEP: usize = 256;
    let blocks = one.chunks_exact(STEP).zip(other.chunks_exact(STEP)).take_while(|(one, other)| one == other).count();
    let start = blocks * STEP;
    start + one[start..].iter().zip(&other[start..]).take_while(|(one, other)| one == other).count()
}

fn refused(reason: Unsplittable) -> Error {
    match reason {
        Unsplittable::Malformed(malformed) => malformed.into(),
        Unsplittable::TooDeep => Error::internal("a clamped text is still too deep"),
    }
}

/// Of fewer hashes than holes, or more, it is another one than that of the text.
fn check(literal: &str, holes: &[Hole], hashes: impl Iterator<Item = PieceHash>) -> [u8; CHECK_BYTES] {
    let mut filling = Checksum::new(checksum(0, literal.as_bytes()));
    let mut places = holes.iter();
    for hash in hashes {
        let at = places.next().map_or(u64::MAX, |hole| hole.at as u64);
        filling.add(&at.to_le_bytes());
        filling.add(&hash.0);
    }
    filling.sum().to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Stores pieces in a vector; ids are positions from 1 on.
    fn round_trip(text: &str) -> String {
        let mut pieces: Vec<String> = Vec::new();
        let manifest = Manifest::of(text, |_, piece| {
            let known = pieces.iter().position(|other| other == piece);
            let at = known.unwrap_or_else(|| {
                pieces.push(piece.to_owned());
                pieces.len() - 1
            });
            Ok(i64::try_from(at).unwrap() + 1)
        })
        .unwrap();
        let read = Manifest::from_bytes(&manifest.to_bytes()).unwrap();
        assert_eq!(read, manifest);
        let texts: Vec<&str> =
            read.holes.iter().map(|hole| pieces[usize::try_from(hole.piece).unwrap() - 1].as_str()).collect();
        if text.trim_start().starts_with('{') {
            read.verify(texts.iter().map(|piece| (PieceHash::of(piece), piece.len()))).unwrap();
        }
        read.expand(&texts)
    }

    /// JSON texts with the shapes that the splitter looks for, and odd white space.
    fn json() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            Just("null".to_owned()),
            any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(|number| number.to_string()),
            any::<String>().prop_map(|string| serde_json::to_string(&string).unwrap()),
            (0_usize..900, any::<char>()).prop_map(|(n, c)| serde_json::to_string(&c.to_string().repeat(n)).unwrap()),
            Just(r#""\ud800 lone""#.to_owned()),
        ];
        leaf.prop_recursive(10, 64, 6, |inner| {
            let key = prop_oneof![Just("__proto__".to_owned()), any::<String>()];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(|items| format!("[ {}]", items.join(" ,"))),
                prop::collection::vec((key, inner), 0..6).prop_map(|fields| {
                    let fields: Vec<_> = fields
                        .iter()
                        .map(|(key, value)| format!("{} :{value}", serde_json::to_string(key).unwrap()))
                        .collect();
                    format!("{{{}\n}}", fields.join(","))
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_text_comes_back_exactly(text in json()) {
            prop_assert_eq!(round_trip(&text), text);
        }

        #[test]
        fn a_text_after_another_has_the_manifest_it_has_alone(texts in prop::collection::vec(json(), 1..4), shared in 0_usize..400) {
            let mut ids: Vec<PieceHash> = Vec::new();
            let mut recent = Recent::default();
            for (at, text) in texts.iter().enumerate() {
                // Texts that begin alike, as the turns of a conversation do.
                let text = format!(r#"{{"messages":["{}",{}],"rest":{text}}}"#, "m".repeat(shared), vec![&texts[0]; at + 1].into_iter().cloned().collect::<Vec<_>>().join(","));
                let mut intern = |hash: &PieceHash, _: &str| {
                    let known = ids.iter().position(|id| id == hash).unwrap_or_else(|| { ids.push(*hash); ids.len() - 1 });
                    Ok(i64::try_from(known).unwrap())
                };
                let after = Manifest::after(&text, &mut recent, &mut intern).unwrap();
                prop_assert_eq!(after, Manifest::of(&text, &mut intern).unwrap());
            }
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Manifest::from_bytes(&bytes);
        }
    }

    #[test]
    fn what_recurs_takes_the_same_bytes_in_every_manifest() {
        let written = |new: i64| {
            let holes = [new, 70_000, new + 1].map(|piece| Hole { at: 2, piece }).to_vec();
            let manifest = Manifest { check: [0; CHECK_BYTES], literal: "{}".to_owned(), holes };
            let bytes = manifest.to_bytes();
            assert_eq!(Manifest::from_bytes(&bytes).unwrap(), manifest);
            bytes
        };
        let mut recurring = Vec::new();
        varint::put_signed(&mut recurring, -70_000);
        for new in [100_000, 200_000] {
            assert!(written(new).windows(recurring.len()).any(|bytes| bytes == recurring), "{new}");
        }
    }

    #[test]
    fn a_wrong_piece_is_noticed() {
        let text = format!(r#"["{}"]"#, "a".repeat(100));
        let manifest = Manifest::of(&text, |_, _| Ok(1)).unwrap();
        let wrong = PieceHash::of(&format!("\"{}\"", "b".repeat(100)));
        assert!(manifest.verify([(wrong, 102)]).is_err());
    }

    #[test]
    fn too_few_or_too_many_pieces_are_noticed_and_each_counts() {
        let piece = format!("\"{}\"", "a".repeat(300));
        let manifest = Manifest::of(&format!(r#"{{"m":[{piece},{piece}]}}"#), |_, _| Ok(1)).unwrap();
        let hash = PieceHash::of(&piece);
        let verified = |count, length| manifest.verify(vec![(hash, length); count]).map_err(|error| error.message);
        assert_eq!(verified(2, piece.len()), Ok(Form::Object));
        assert!(verified(1, piece.len()).is_err() && verified(3, piece.len()).is_err());
        assert_eq!(verified(2, MAX_TEXT / 2), Err("a stored document is larger than one can be".to_owned()));
    }

    #[test]
    fn what_is_too_deep_is_cut_off_with_a_marker() {
        let deep = "[".repeat(5000) + &"]".repeat(5000);
        assert!(round_trip(&deep).contains("nested deeper than 1000 levels"));
    }
}
