//! The table of an instance: enters what its batches define.

use super::batch::EncodedBatch;
use super::definitions::Generation;
use super::frame::{Frame, TENANT, frames};
use super::tokens::{Token, Tokens, dropping};
use std::mem;
use std::sync::Arc;

/// The table of an instance: belongs to its handle, and is given every batch in the order of handing over.
#[derive(Debug, Default)]
pub struct Tables {
    current: Arc<Generation>,
}

impl Tables {
    /// Takes over the frames of a batch with what they refer to, and enters what they define.
    ///
    /// Malformed bodies define what they define before they go wrong; expanding them says what is wrong.
    pub fn enter(&mut self, batch: &[u8]) -> EncodedBatch {
        let mut encoded = EncodedBatch::default();
        for Frame { code, expanded, body } in frames(batch) {
            if code == TENANT {
                encoded.turn_to(body);
                continue;
            }
            let (drops, rest) = dropping(body);
            if drops {
                encoded.seal(mem::take(&mut self.current));
            }
            for token in Tokens::new(rest).map_while(Result::ok) {
                if let Token::Text { text, is_defined: true } = token {
                    encoded.add_defined(Arc::make_mut(&mut self.current).push(text));
                }
            }
            encoded.push(code, expanded, rest);
        }
        encoded.seal(Arc::clone(&self.current));
        encoded
    }

    /// Lets go of all definitions; the next write must say that it begins anew.
    pub fn clear(&mut self) {
        self.current = Arc::default();
    }
}
