//! What reads a store from end to end, too long for a thread that answers queries.

pub mod backup;

pub mod steady;

pub mod verify;
