//! The register: a public list of certificates and of what became of them, in a folder to which things are only added.
//!
//! `events/` holds the history, one file an event, each of which names the digest of the one before; `certificates/` holds
//! what was listed. Everything else of the folder that is published is made from these two.

mod add;
mod chain;
mod check;
mod entry;
mod event;
mod filter;
mod folder;
mod footing;
mod framework;
mod lifecycle;
mod opened;
mod product;
mod settings;
mod standing;
mod state;

pub use add::{Occasion, Refused, Wanted};
pub use chain::{Chain, Flaw, Head, Recorded};
pub use check::{Finding, Subject, Weight, check};
pub use entry::{Entry, Product};
pub use event::{CertificateReference, Event, EventKind, moment};
pub use filter::{Filter, Row, rows};
pub use folder::RegisterFolder;
pub use footing::{Footing, Inconsistency, Reach, footings, inconsistencies};
pub use framework::{Demand, DemandedLevel, Framework, Waivers, frameworks};
pub use lifecycle::{Life, lives};
pub use opened::{OpenError, Register};
pub use product::{Listed, page_of, products};
pub use settings::{Release, Settings, WithdrawnTool};
pub use standing::standing;
pub use state::State;
