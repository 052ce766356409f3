//! What JavaScript hands over, and how it becomes JSON text again.
//!
//! A batch is a row of frames. A frame is the length of its body and the length of the text that the body stands for
//! (both u32, little endian), an operation code, and the body. In the buffer that JavaScript fills, four bytes before the
//! first frame hold the offset at which the last complete one ends.
//!
//! A frame with code 0 is no operation: its body is the name of the tenant whose the operations behind it are, until the
//! next such frame or the end of the batch. A batch begins with the empty name.
//!
//! A body of an operation is JSON text without white space, so that no byte below 0x20 occurs in it but these marks:
//!
//! ```text
//! 01 a b c            stands for the text that was defined as number (a-0x30) << 12 | (b-0x30) << 6 | (c-0x30)
//! 02 a b c d e text   a string as it is, without quotes and escapes; its length in UTF-16 units is written like a number.
//!                     It gets the next number
//! 03 a b c d e text   the same without a number
//! 04                  only as the first byte: all definitions so far are dropped, numbers begin at 0 again
//! ```
//!
//! So texts are quoted and escaped here, off the thread that JavaScript runs on, and those that come again cross once.
//! Definitions count when a batch is handed over, whatever becomes of its writes. JavaScript decides what is defined and
//! when all is dropped; nothing here mirrors its rules. In the length of a whole text, a string that came as it is counts
//! its bytes and two quotes, without the escapes.

mod frame;

mod tokens;

mod definitions;

mod expand;

mod batch;

mod tables;

pub use batch::{EncodedBatch, WholeOp};
pub use frame::{BATCH_HEADER, TENANT, frame};
pub use tables::Tables;

#[cfg(test)]
mod tests;
