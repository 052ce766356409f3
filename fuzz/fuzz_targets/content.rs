//! Texts through the codec: refused, or back byte for byte and rebuilt to the same value; alone, and after one another.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use serde_json::Value;
use std::cell::RefCell;
use tracestore::content::{Block, Compressor, Manifest, PieceHash, Recent, skeleton};
use tracestore::error::{Code, Error};
use tracestore_fuzz::rebuild;
use tracestore_fuzz::{has_twins, is_json};

thread_local! {
    static COMPRESSOR: RefCell<Compressor> = RefCell::new(Compressor::new().unwrap());
}

#[derive(Default)]
struct Pieces(Vec<(PieceHash, String)>);

impl Pieces {
    /// Ids count from 1.
    fn intern(&mut self, hash: &PieceHash, text: &str) -> Result<i64, Error> {
        assert_eq!(PieceHash::of(text), *hash);
        let at = self.0.iter().position(|(known, _)| known == hash).unwrap_or_else(|| {
            self.0.push((*hash, text.to_owned()));
            self.0.len() - 1
        });
        Ok(at as i64 + 1)
    }
}

// Texts are parted by a zero byte; each is taken as one that follows the one before it.
fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(data) = std::str::from_utf8(data) else { return Corpus::Reject };
    let (mut pieces, mut recent) = (Pieces::default(), Recent::default());
    for text in data.split('\0') {
        match Manifest::after(text, &mut recent, |hash, piece| pieces.intern(hash, piece)) {
            Ok(manifest) => check(text, &manifest, &mut pieces),
            Err(error) => {
                assert_eq!(error.code, Code::InvalidArgument, "{error}");
                assert!(!is_json(text), "refused {text}");
                // What a failed text left behind must not be used, see `documents::bodies`.
                recent = Recent::default();
            }
        }
    }
    Corpus::Keep
});

/// A block gives back what went in.
fn packed(manifest: &[u8], pieces: &Pieces, compressor: &mut Compressor) {
    let texts: Vec<&[u8]> = pieces.0.iter().map(|(_, text)| text.as_bytes()).chain([manifest]).collect();
    let entries = texts.iter().enumerate().map(|(at, text)| (at as i64 * 7 - 3, *text));
    let blob = Block::to_blob(entries.clone(), compressor).unwrap();
    assert!(Block::from_blob(&blob, compressor).unwrap().entries().eq(entries));
}

fn check(text: &str, manifest: &Manifest, pieces: &mut Pieces) {
    let alone = Manifest::of(text, |hash, piece| pieces.intern(hash, piece)).unwrap();
    assert_eq!(alone, *manifest, "a text after another has the manifest it has alone");
    let bytes = manifest.to_bytes();
    let read = Manifest::from_bytes(&bytes).unwrap();
    COMPRESSOR.with_borrow_mut(|compressor| packed(&bytes, pieces, compressor));
    assert_eq!(read, *manifest);
    let ordinals: Vec<usize> = read.holes.iter().map(|hole| usize::try_from(hole.piece).unwrap() - 1).collect();
    // A document's text is an object, and what is added to it a list.
    if text.trim_start().starts_with(['{', '[']) {
        read.verify(ordinals.iter().map(|at| (pieces.0[*at].0, pieces.0[*at].1.len()))).unwrap();
    }
    let texts: Vec<&str> = ordinals.iter().map(|at| pieces.0[*at].1.as_str()).collect();
    let expanded = read.expand(&texts);
    assert!(expanded == text || expanded.contains("nested deeper than 1000 levels"));
    let mut node = String::new();
    skeleton::write_node(&read, &ordinals, &mut node).unwrap();
    // The reader's parser stops at 128 levels, which a node and its pieces may pass though the text does not.
    let (Ok(whole), Ok(node)) = (serde_json::from_str::<Value>(&expanded), serde_json::from_str::<Value>(&node)) else {
        return;
    };
    if has_twins(text) {
        return;
    }
    // Pieces of an earlier text may be none: the splitter leaves the inside of strings and numbers alone.
    let values: Vec<Value> =
        pieces.0.iter().map(|(_, piece)| serde_json::from_str(piece).unwrap_or_default()).collect();
    assert_eq!(rebuild::node(&node, &values), whole);
}
