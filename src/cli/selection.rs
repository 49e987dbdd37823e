//! The flags that say which scenarios run, what is waived, and what a run is compared with.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::error::{Error, Result};
use super::report::read;
use crate::files::read_bounded;
use crate::run::{Baseline, Plan, Selection, Shard, Waivers};
use crate::standard::Standard;

/// Which scenarios run.
#[derive(Debug, Default, clap::Args)]
pub(super) struct SelectionArguments {
    /// Runs this scenario only; `*` stands for any characters; may be given more than once
    #[arg(long = "scenario", value_name = "ID")]
    scenarios: Vec<String>,
    /// Runs only what verifies this requirement; `*` stands for any characters; may be given more than once
    #[arg(long = "requirement", value_name = "ID")]
    requirements: Vec<String>,
    /// Runs only scenarios with this tag; may be given more than once
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// Leaves out scenarios with this tag; may be given more than once
    #[arg(long = "not-tag", value_name = "TAG")]
    not_tags: Vec<String>,
    /// Runs only what did not pass in an earlier run
    #[arg(long, value_name = "RUN")]
    only_failed: Option<PathBuf>,
    /// Runs one share of several, for machines side by side; `proofmark merge` puts the shares together
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
}

/// What a run is judged with besides the standard.
#[derive(Debug, Default, clap::Args)]
pub(super) struct OverlayArguments {
    /// A YAML file of waivers: requirement, reason, approver, expires
    #[arg(long, value_name = "FILE", env = crate::config::WAIVERS)]
    waivers: Option<PathBuf>,
    /// An earlier run: what failed there too does not fail this one
    #[arg(long, value_name = "RUN", env = crate::config::BASELINE)]
    baseline: Option<PathBuf>,
}

impl OverlayArguments {
    /// Waivers alone.
    pub(super) fn of_waivers(waivers: Option<PathBuf>) -> Self {
        Self { waivers, baseline: None }
    }
}

impl SelectionArguments {
    /// The plan with what is chosen of it.
    pub(super) fn apply(&self, plan: Plan) -> Result<Plan> {
        self.know_tags(&plan.standard)?;
        let cases = self.only_failed.as_ref().map(|run| read(run)).transpose()?;
        let selection = Selection {
            scenarios: self.scenarios.clone(),
            requirements: self.requirements.clone(),
            tags: self.tags.clone(),
            not_tags: self.not_tags.clone(),
            cases: cases.map(|(record, _)| Selection::failed_in(&record)),
            shard: self.shard,
        };
        let all = plan.cases.len();
        let plan = plan.select(&selection);
        if plan.cases.is_empty() && all > 0 {
            return Err(Error::hint(
                "none of the scenarios is chosen",
                "`proofmark plan` lists the scenarios of a standard and what each verifies",
            ));
        }
        Ok(plan)
    }

    /// A tag that no scenario has would leave out nothing, or all, without a word.
    fn know_tags(&self, standard: &Standard) -> Result<()> {
        let known: BTreeSet<&str> =
            standard.scenarios.iter().flat_map(|scenario| &scenario.tags).map(String::as_str).collect();
        let mut given = self.tags.iter().chain(&self.not_tags);
        let Some(unknown) = given.find(|tag| !known.contains(tag.as_str())) else { return Ok(()) };
        let hint = match known.len() {
            0 => "its scenarios have no tags".to_owned(),
            _ => {
                format!("its scenarios have the tags {}", known.into_iter().collect::<Vec<&str>>().join(", "))
            }
        };
        Err(Error::hint(format!("no scenario of {} has the tag `{unknown}`", standard.name()), hint))
    }
}

impl OverlayArguments {
    /// The plan with what is waived and what it is compared with.
    pub(super) fn apply(&self, mut plan: Plan) -> Result<Plan> {
        if let Some(path) = &self.waivers {
            let file = path.display().to_string();
            let bytes = read_bounded(path).map_err(|error| Error::io(file.clone(), error))?;
            let text = String::from_utf8_lossy(&bytes);
            plan.inputs.waivers = Waivers::read(&file, &text, &plan.standard)?;
        }
        if let Some(run) = &self.baseline {
            let baseline = Baseline::of(&read(run)?.0, &plan.standard);
            let hint = "--baseline takes an earlier run by the same standard";
            plan.inputs.baseline = Some(baseline.map_err(|error| Error::hint(error.to_string(), hint))?);
        }
        Ok(plan)
    }
}
