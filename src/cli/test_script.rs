//! The flags by which FHIR TestScripts stand in the place of a standard.

use std::path::PathBuf;

use super::app::GlobalOptions;
use super::error::Result;
use super::packages::Asked;
use super::packages::Sources;
use super::printer::Printer;
use super::target::loaded;
use crate::fhir::Release;
use crate::standard::{Standard, TestScripts};
use crate::validate::Validator;

/// TestScripts to run.
#[derive(Debug, clap::Args)]
pub(super) struct TestScriptArguments {
    /// A FHIR TestScript to run in place of a standard, or a folder of them; may be given more than once
    #[arg(long = "test-script", value_name = "FILE|DIR", num_args = 1..)]
    scripts: Vec<PathBuf>,
    /// The FHIR release of the TestScripts; 4.0 unless given
    #[arg(long, value_name = "3.0|4.0", requires = "scripts")]
    fhir_version: Option<Release>,
    /// A package whose profiles the TestScripts name: from the package cache, as an archive, or a folder; may be given
    /// more than once
    #[arg(long = "package", value_name = "NAME#VERSION|FILE.tgz|DIR", requires = "scripts")]
    packages: Vec<String>,
}

impl TestScriptArguments {
    /// Whether there are any.
    pub(super) fn are_given(&self) -> bool {
        !self.scripts.is_empty()
    }

    /// The standard that the scripts make, with its validator; `None` where none is given. What is not supported is
    /// said.
    pub(super) fn load(
        &self,
        options: &GlobalOptions,
        printer: &mut Printer,
    ) -> Result<Option<(Standard, Validator)>> {
        if self.scripts.is_empty() {
            return Ok(None);
        }
        let TestScripts { standard, findings } =
            TestScripts::read(&self.scripts, self.fhir_version.unwrap_or(Release::R4))?;
        for finding in &findings {
            printer.note(&format!("warning: {finding}"));
        }
        let sources = Sources::new(options)?;
        let mut loader = sources.loader(standard.release);
        for package in &self.packages {
            Asked::read(package)?.add_to(&mut loader)?;
        }
        let validator = loaded(loader, printer)?;
        Ok(Some((standard, validator)))
    }
}
