//! Any bytes as a stored manifest or block, as damage leaves them: refused as `CORRUPT`, or walked without a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::cell::RefCell;
use tracestore::content::{Block, Compressor, Manifest, PieceHash, skeleton};
use tracestore::error::{Code, Error};

thread_local! {
    static COMPRESSOR: RefCell<Compressor> = RefCell::new(Compressor::new().unwrap());
}

fuzz_target!(|data: &[u8]| {
    read(data);
    COMPRESSOR.with_borrow_mut(|compressor| {
        let mut packed = Vec::new();
        compressor.pack(data, &mut packed).unwrap();
        assert_eq!(compressor.unpack(&packed).unwrap(), data);
        // As it is, and as what is inside the packing, which few random bytes are.
        for blob in [data, &packed] {
            match Block::from_blob(blob, compressor) {
                Ok(block) => block.entries().for_each(|(_, entry)| read(entry)),
                Err(error) => corrupt(&error),
            }
        }
    });
});

fn read(bytes: &[u8]) {
    let manifest = match Manifest::from_bytes(bytes) {
        Ok(manifest) => manifest,
        Err(error) => return corrupt(&error),
    };
    assert_eq!(Manifest::from_bytes(&manifest.to_bytes()).unwrap(), manifest);
    let pieces = vec!["\"piece\""; manifest.holes.len()];
    let hash = PieceHash::of(pieces.first().unwrap_or(&""));
    if let Err(error) = manifest.verify(vec![(hash, 7); pieces.len()]) {
        corrupt(&error);
    }
    assert!(manifest.expand(&pieces).len() >= manifest.literal.len());
    let ordinals: Vec<usize> = (0..pieces.len()).collect();
    if let Err(error) = skeleton::write_node(&manifest, &ordinals, &mut String::new()) {
        corrupt(&error);
    }
}

fn corrupt(error: &Error) {
    assert_eq!(error.code, Code::Corrupt, "{error}");
}
