//! Versioned standards as data: requirements, scenarios and the data that a supplier must hold.

mod additions;
mod capability;
mod carried;
mod catalogue;
mod condition;
mod data_check;
mod data_map;
mod data_need;
mod document;
mod generated;
mod interaction;
mod lint;
mod loaded;
mod manifest;
mod one_or_many;
mod record;
mod requirement;
mod scenario;
mod test_script;
pub mod variables;
mod version;

pub use additions::Additions;
pub use capability::Capability;
pub use carried::carried;
pub use catalogue::{Catalogue, Entry};
pub use condition::{Claim, Condition, claim};
pub use data_map::DataMap;
pub use data_need::{DataNeed, LOGICAL_ID, Need, NeedCondition, Parameters};
pub use document::{Document, FileError};
pub use generated::{Generated, uuid_of};
pub use interaction::{Interaction, REQUEST_UUID};
pub use lint::{Defined, Lint};
pub use loaded::Standard;
pub use manifest::{Lifecycle, Manifest};
pub use one_or_many::OneOrMany;
pub use record::{Record, records, records_with, transaction};
pub use requirement::{Aspect, Clause, Level, Maturity, Method, MustSupport, Requirement, Role};
pub use scenario::{
    ACTIONS, Action, Authentication, BindingTime, Body, BodyExpectation, Bounds, BundleExpectation,
    BundleRequest, CASE, Capture, CaptureFrom, CodingPattern, Comparison, Content, Count, EntryExpectation,
    EntryMode, Expectation, ExplainedPath, HeaderExpectation, KnownDeviation, MadeAuthentication, MadeBody,
    Matrix, Operator, OutcomeExpectation, PathExpectation, Presented, RawRequest, RequestMethod, Resolves,
    Scenario, SchemaSource, SearchMatch, StatusPattern, Step, Subject, TimeBudget, is_resource_text,
};
pub use test_script::TestScripts;
pub use version::{VersionKey, version_key};
