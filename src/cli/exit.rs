//! Exit codes: a public interface, documented in the README.

use std::process::ExitCode;

use crate::run::Verdict;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitStatus {
    /// 0: conformant; no error found; done.
    Success,
    /// 1: not conformant; at least one error found.
    Failure,
    /// 2: usage, configuration, or a file of the user's that cannot be used.
    Usage,
    /// 3: nothing failed, but something mandatory could not be shown.
    Incomplete,
    /// 130: interrupted.
    Interrupted,
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(match status {
            ExitStatus::Success => 0,
            ExitStatus::Failure => 1,
            ExitStatus::Usage => 2,
            ExitStatus::Incomplete => 3,
            ExitStatus::Interrupted => 130,
        })
    }
}

impl From<Verdict> for ExitStatus {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Conformant | Verdict::ConformantWithWaivers => Self::Success,
            Verdict::NotConformant => Self::Failure,
            Verdict::Incomplete => Self::Incomplete,
        }
    }
}
