//! Progress of a run, on stderr of a terminal.

use super::printer::Printer;
use crate::check::Outcome;
use crate::run::{Event, Listener};

/// Shows how far a run is.
#[derive(Debug)]
pub(super) struct Progress<'p> {
    printer: &'p mut Printer,
    cases: usize,
    finished: usize,
    failed: usize,
}

impl<'p> Progress<'p> {
    pub(super) fn new(printer: &'p mut Printer) -> Self {
        Self { printer, cases: 0, finished: 0, failed: 0 }
    }
}

impl Listener for Progress<'_> {
    fn event(&mut self, event: &Event) -> std::io::Result<()> {
        match event {
            Event::Started { cases, .. } => self.cases = *cases,
            Event::Finished { outcome, .. } => {
                self.finished += 1;
                self.failed += usize::from(*outcome == Outcome::Fail);
                let failed =
                    if self.failed > 0 { format!(", {} failed", self.failed) } else { String::new() };
                self.printer.progress(&format!("{} of {} scenarios{failed}", self.finished, self.cases));
            }
            Event::Exchanged { .. } | Event::Answered { .. } | Event::AllAnswered { .. } => {}
        }
        Ok(())
    }
}
