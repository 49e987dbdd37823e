//! Errors of commands: what the user gave cannot be used, or the machine refused.

use crate::inert::visible;
use crate::standard::FileError;

/// A command that could not do its work.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// Files that cannot be used, all that is wrong with them.
    #[error("{}", join(.0))]
    Files(Vec<FileError>),
    /// Anything else that the user can mend.
    #[error("{message}{}", .hint.as_ref().map(|hint| format!("\n  hint: {hint}")).unwrap_or_default())]
    Message {
        /// What is wrong.
        message: String,
        /// What to do.
        hint: Option<String>,
    },
    /// Reading or writing failed.
    #[error("{what}: {source}")]
    Io {
        /// What was read or written.
        what: String,
        /// Why.
        source: std::io::Error,
    },
}

fn join(errors: &[FileError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

impl Error {
    pub(super) fn message(message: impl Into<String>) -> Self {
        Self::Message { message: message.into(), hint: None }
    }

    pub(super) fn hint(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Message { message: message.into(), hint: Some(hint.into()) }
    }

    pub(super) fn io(what: impl Into<String>, source: std::io::Error) -> Self {
        Self::Io { what: what.into(), source }
    }

    /// Whether the reader of our output went away, which is no error of ours.
    pub(super) fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == std::io::ErrorKind::BrokenPipe)
    }
}

impl From<Vec<FileError>> for Error {
    fn from(errors: Vec<FileError>) -> Self {
        Self::Files(errors)
    }
}

impl From<FileError> for Error {
    fn from(error: FileError) -> Self {
        Self::Files(vec![error])
    }
}

/// What a command returns.
pub(super) type Result<T> = std::result::Result<T, Error>;

impl From<crate::generate::Error> for Error {
    fn from(error: crate::generate::Error) -> Self {
        Self::Message { message: visible(&error.to_string()), hint: error.hint().map(|hint| visible(&hint)) }
    }
}

impl From<crate::package::Error> for Error {
    fn from(error: crate::package::Error) -> Self {
        // Names and versions in it are as a package states them.
        Self::Message { message: visible(&error.to_string()), hint: error.hint().map(|hint| visible(&hint)) }
    }
}
