//! A saved run, judged again: the same code over the recording, with nothing sent.

use super::assemble::{Circumstances, Times, record};
use super::codes::{Asked, recall};
use super::plan::Plan;
use super::recorder::{INPUTS_FILE, digest};
use super::recording::Recording;
use super::request::Base;
use super::runner::{Opening, play};
use super::sender::Sender;
use super::{FileDigest, Heading, Listener, RunRecord};
use crate::http::Headers;
use crate::validate::Validator;

/// All that judging a saved run again needs.
pub struct JudgeAgain {
    /// What to look for in the recording: the plan of the run's own standard, or of another version.
    pub plan: Plan,
    /// The run as it was judged before.
    pub before: RunRecord,
    /// What was asked and answered.
    pub recording: Recording,
    /// What to judge by.
    pub validator: Validator,
    /// How many cases are judged side by side.
    pub jobs: usize,
}

impl JudgeAgain {
    /// Judges the recording. Under the same standard the record differs from the first in nothing but the moment and
    /// the tool.
    ///
    /// # Errors
    /// A listener cannot keep what it is told, or the record names no endpoint.
    pub async fn execute(self, listeners: &mut [&mut dyn Listener]) -> std::io::Result<RunRecord> {
        let before = self.before;
        let base = Base::parse(&before.endpoint.url, Headers::default());
        let others = before.endpoint.others.iter();
        let base = others.fold(base, |base, (name, url)| base?.with_endpoint(name, url));
        let base = base.map_err(std::io::Error::other)?;
        let inputs = digest(&self.plan.inputs.to_bytes());
        let asked = Asked::as_before(before.terminology.as_ref());
        if asked.is_some() {
            // Nobody is asked: what was not told then is not known now.
            recall(&self.validator, self.recording.told(), None)?;
        }
        let sender = {
            let known = before.standards.first().map(|standard| &standard.digest);
            let same = known == Some(&self.plan.standard.digest);
            Sender::Recorded { recording: self.recording, same }
        };
        let heading = Heading {
            standard: self.plan.standard.name(),
            digest: self.plan.standard.digest.clone(),
            endpoint: before.endpoint.url.clone(),
            started: before.started.clone(),
            selection: before.settings.selection.clone(),
            terminology: asked.as_ref().map(|asked| asked.address.clone()),
        };
        let opening = Opening { heading, prepared: Vec::new() };
        let played = play(self.plan, base, sender, self.validator, self.jobs, opening, listeners).await?;
        let terminology = asked.map(|asked| asked.keep(&played, listeners)).transpose()?;
        let circumstances = Circumstances {
            supplier: before.supplier,
            settings: before.settings,
            times: Times { started: before.started, ended: before.ended, duration_ms: before.duration_ms },
            judged: jiff::Timestamp::now().to_string(),
            inputs: FileDigest { file: INPUTS_FILE.to_owned(), sha256: inputs },
            terminology,
        };
        Ok(record(&played, circumstances))
    }
}
