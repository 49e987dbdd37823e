//! Running a standard's scenarios against an endpoint, and the record of what happened.

mod assemble;
mod case;
mod claims;
mod data;
mod event;
mod fill;
mod plan;
mod record;
mod recorder;
mod request;
mod runner;
mod verdict;

pub use data::Data;
pub use event::{Event, Listener};
pub use plan::{Case, Plan};
pub use record::{
    Counts, DataSource, DataUse, Endpoint, ExchangeSummary, MaturityResult, RequirementResult, RunRecord,
    SCHEMA_VERSION, ScenarioResult, Settings, StandardResult, StepResult, Supplier, Tool,
};
pub use recorder::{EVIDENCE_FOLDER, FolderError, RUN_FILE, Recorder};
pub use request::Base;
pub use runner::Run;
pub use verdict::Verdict;
