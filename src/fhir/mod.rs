//! FHIR as written: the release, the lossless element tree over JSON and XML, and the small
//! value formats (canonicals, NHS numbers) that more than one module reads.
//!
//! Nothing here does I/O or knows a profile.

mod bundle_index;
mod canonical;
mod contained;
mod data_types;
mod defect;
mod definitions;
mod element;
mod json;
mod position;
mod release;
mod source;
mod text;
mod tree;
mod xml;

pub use canonical::Canonical;
pub use data_types::{DATA_TYPES, is_choice_of, type_in_name, with_article};
pub use defect::{Defect, DefectKind};
pub use definitions::{DefinedElement, Definitions};
pub use element::{Children, Element};
pub use json::{parse as parse_json, write as write_json};
pub use position::Position;
pub use release::Release;
pub use source::{Format, MAX_DEPTH, ParseError, parse};
pub use tree::{ScalarKind, Tree};
pub use xml::{NotXml, parse as parse_xml, write as write_xml};
