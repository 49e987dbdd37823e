//! Running a standard's scenarios against an endpoint, and the record of what happened.

mod record;
mod verdict;

pub use record::{
    Counts, DataSource, DataUse, Endpoint, ExchangeSummary, MaturityResult, RequirementResult, RunRecord,
    SCHEMA_VERSION, ScenarioResult, Settings, StandardResult, StepResult, Supplier, Tool,
};
pub use verdict::Verdict;
