//! The arguments of `validate` that say what to judge besides the profiles.

use clap::{Args, ValueEnum};

use crate::validate::{BestPractice, Options};

/// What to judge besides the profiles.
#[derive(Debug, Args)]
pub(super) struct ValidationOptions {
    /// What it weighs that a rule of best practice does not hold, such as R4's dom-6
    #[arg(long, value_enum, default_value_t, value_name = "LEVEL")]
    best_practice: Level,
    /// Makes markup in plain text an error
    #[arg(long)]
    security_checks: bool,
    /// Allows extensions without a definition under this URL, and nowhere else; may be given more than once
    #[arg(long = "allow-extension-domain", value_name = "URL")]
    allowed_extension_domains: Vec<String>,
}

/// What a rule of best practice weighs.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Level {
    /// It is not checked
    #[default]
    Ignore,
    /// Worth knowing
    Hint,
    /// A warning
    Warning,
    /// An error
    Error,
}

impl ValidationOptions {
    /// The options of the validator.
    pub(super) fn options(&self) -> Options {
        Options {
            best_practice: match self.best_practice {
                Level::Ignore => BestPractice::Ignore,
                Level::Hint => BestPractice::Hint,
                Level::Warning => BestPractice::Warning,
                Level::Error => BestPractice::Error,
            },
            security_checks: self.security_checks,
            allowed_extension_domains: self.allowed_extension_domains.clone(),
            unheld_code_systems: Vec::new(),
        }
    }
}
