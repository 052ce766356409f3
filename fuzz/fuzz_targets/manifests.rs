//! Any bytes as a stored manifest, as damage leaves them: refused as `CORRUPT`, or walked without a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::cell::RefCell;
use tracestore::content::{Compressor, Manifest, PieceHash, skeleton};
use tracestore::error::{Code, Error};

thread_local! {
    static COMPRESSOR: RefCell<Compressor> = RefCell::new(Compressor::new().unwrap());
}

fuzz_target!(|data: &[u8]| {
    COMPRESSOR.with_borrow_mut(|compressor| {
        read(data, compressor);
        // The same as what is inside the packing, which few random bytes are.
        let mut packed = vec![0; 8];
        compressor.pack(data, &mut packed).unwrap();
        assert_eq!(compressor.unpack(&packed[8..]).unwrap(), data);
        read(&packed, compressor);
    });
});

fn read(bytes: &[u8], compressor: &mut Compressor) {
    let manifest = match Manifest::from_bytes(bytes, compressor) {
        Ok(manifest) => manifest,
        Err(error) => return corrupt(&error),
    };
    let again = manifest.to_bytes(compressor).unwrap();
    assert_eq!(Manifest::from_bytes(&again, compressor).unwrap(), manifest);
    let pieces = vec!["\"piece\""; manifest.holes.len()];
    let hash = PieceHash::of(pieces.first().unwrap_or(&""));
    if let Err(error) = manifest.verify(&vec![hash; pieces.len()]) {
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
