//! What JavaScript hands over, as bytes: nothing here knows what an operation means.

pub mod frame;
