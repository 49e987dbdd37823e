//! Running a standard's scenarios against an endpoint, and the record of what happened.

mod assemble;
mod baseline;
mod capture;
mod case;
mod claims;
mod codes;
mod data;
mod event;
mod fill;
mod impact;
mod inputs;
mod journal;
mod judge_again;
mod merge;
mod option;
mod original;
mod paging;
mod part;
mod patch;
mod payload;
mod plan;
mod preparation;
mod readiness;
mod record;
mod recorder;
mod recording;
mod request;
mod runner;
mod selection;
mod sender;
mod share;
mod stopped;
mod values;
mod verdict;
mod waiver;

pub use baseline::{Baseline, BaselineRun, OtherStandard};
pub use codes::TerminologyService;
pub use data::Data;
pub use event::{Event, Listener};
pub use impact::{Change, Impact};
pub use inputs::{Inputs, Share};
pub use journal::{Heading, Journal};
pub use judge_again::JudgeAgain;
pub use merge::{MergeError, merged};
pub use original::original_digest;
pub use plan::{Case, Plan};
pub use preparation::{DataFinding, DataState, Keep, Preparation, Prepared, SeedOutcome, Seeded};
pub use readiness::{Obstacle, obstacles};
pub use record::{
    CapabilityResult, Counts, DataSource, DataUse, Endpoint, ExchangeSummary, FileDigest, MaturityResult,
    RequirementResult, RunRecord, SCHEMA_VERSION, ScenarioResult, Settings, StandardResult, StepResult,
    Supplier, TerminologyUse, Tool,
};
pub use recorder::{
    EVIDENCE_FOLDER, FolderError, INPUTS_FILE, PRIVATE_EVIDENCE_FOLDER, PRIVATE_FOLDER, PRIVATE_RUN_FILE,
    RUN_FILE, Recorder,
};
pub use recording::{Recording, RecordingError};
pub use request::{Base, identified};
pub use runner::{DataPreparation, Run};
pub use selection::{NoShard, Selection, Shard};
pub use share::share;
pub use verdict::Verdict;
pub use waiver::{Waiver, WaiverResult, Waivers};
