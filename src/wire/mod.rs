//! What JavaScript hands over, and how it becomes JSON text again.
//!
//! A frame carries a body, and the length of the text that the body stands for. A body is JSON text without white space,
//! so that no byte below 0x20 occurs in it but these marks:
//!
//! ```text
//! 04            only as the first byte: all definitions so far are dropped, numbers begin at 0 again (a new generation)
//! 02 text 03    a definition: it stands for its text, and gets the next number when it ends
//! 01 a b c      stands for the definition with the number (a-0x30) << 12 | (b-0x30) << 6 | (c-0x30)
//! ```
//!
//! A definition may hold definitions and references of one level: an object in a list with its texts. References point
//! back: to what ended before them, in this frame or in an earlier one of the same instance and generation.
//! Definitions count when a batch is handed over, whatever becomes of its writes; JavaScript decides what is defined and
//! when a generation ends, and nothing here mirrors its rules.

// How a batch is framed today: each frame has the text itself.
pub mod frame;

// How frames will refer to what earlier ones defined. Built and tested; no batch is written this way yet.
mod encoded;

mod marks;

mod expand;

mod tables;

pub use encoded::{EncodedBatch, EncodedOp};
pub use expand::expand;
pub use tables::{Generation, Tables};
