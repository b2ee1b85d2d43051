//! Loads case files and runs them on the core and on every binding.
//!
//! A case file becomes a list of [`Case`]s ([`format`](mod@format)); a case holds the jobs that an
//! adapter is to do ([`job`]) and what the answers must be ([`expect`]). The core answers in this process
//! ([`core_adapter`]), a binding in a child process ([`process`]), both in the words of the protocol
//! ([`protocol`], `PROTOCOL.md`).
#![forbid(unsafe_code)]

pub mod core_adapter;
pub mod expect;
pub mod format;
pub mod job;
pub mod process;
pub mod protocol;
pub mod run;
pub mod sign;

/// One case of a case file.
#[derive(Clone, Debug)]
pub struct Case {
    /// The name, unique in its file.
    pub id: String,
    /// Why the answer is what it is.
    pub why: String,
    /// The jobs to do, each with what its answer must be.
    pub jobs: Vec<(job::Job, expect::Expect)>,
}

/// Who answers jobs.
pub trait Adapter {
    /// `core`, or the name of a binding.
    fn name(&self) -> &str;

    /// Answers each line with a line, or says why it could not. There are exactly as many answers as
    /// lines.
    fn answers(&mut self, lines: &[String]) -> Vec<Result<String, String>>;

    /// What went wrong beside the answers themselves, such as a leak found when the process ended.
    fn complaint(&mut self) -> Option<String> {
        None
    }
}
