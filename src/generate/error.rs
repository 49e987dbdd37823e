//! Why nothing could be made of a package.

/// Why nothing could be made of a package.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It holds more than one CapabilityStatement that would do.
    #[error("{package} holds {} CapabilityStatements of requirements for servers: {}", urls.len(), urls.join(", "))]
    Several {
        /// The package.
        package: String,
        /// Their canonical URLs.
        urls: Vec<String>,
    },
    /// There is no such CapabilityStatement.
    #[error("there is no CapabilityStatement {url} in {package} and what it depends on")]
    NoSuchStatement {
        /// The package.
        package: String,
        /// The URL that was asked for.
        url: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// It states no requirements for a server.
    #[error("the CapabilityStatement {url} cannot be used: {reason}")]
    Unusable {
        /// Its canonical URL.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// It holds nothing that could be required of a server.
    #[error("{package} holds neither a CapabilityStatement of requirements nor a profile of a resource")]
    Nothing {
        /// The package.
        package: String,
    },
    /// It asks for more than one run can hold.
    #[error("{package} asks for more than {limit} things")]
    TooMuch {
        /// The package.
        package: String,
        /// How many may be asked for.
        limit: usize,
    },
}

impl Error {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Several { .. } => Some("choose one with --capabilities URL".to_owned()),
            Self::NoSuchStatement { known, .. } if known.is_empty() => {
                Some("leave --capabilities out, and the profiles of the package are taken".to_owned())
            }
            Self::NoSuchStatement { known, .. } => Some(format!("there are: {}", known.join(", "))),
            Self::Unusable { .. } | Self::Nothing { .. } | Self::TooMuch { .. } => None,
        }
    }
}
