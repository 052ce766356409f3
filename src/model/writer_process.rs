//! The process that last wrote to a trace or a span, as far as what they read as depends on it.

/// Whether it is still there. Told anew by each reader, and never stored: a clock or a flag could not tell a process that
/// was killed from one that sleeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriterProcess {
    /// Or nobody can tell.
    Alive,
    /// What it left running can't end any more, unless another process goes on with it.
    Gone,
}
