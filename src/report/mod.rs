//! Reports: one file a format, each a pure function of the saved run, so that it can be rendered again years later.

mod annotations;
mod aspect;
pub mod bids;
mod capability;
mod case;
mod certificate;
mod changes;
mod ctrf;
pub mod difference;
mod earl;
mod facts;
pub mod findings;
mod format;
mod har;
mod html;
pub mod impact;
mod json;
mod junit;
mod markdown;
mod notices;
mod open;
pub mod register;
mod sarif;
mod scal;
pub mod selfcheck;
mod spreadsheet;
mod standing;
mod tables;
mod template;
mod terminal;
mod test_report;
#[cfg(test)]
mod tests;

pub use format::{Evidence, Format, RenderError, UnknownFormat};
pub use json::ReadError;
pub use terminal::Style;

pub use annotations::render as annotations;
pub use certificate::{PageError, render as certificate_page};
pub use ctrf::render as ctrf;
pub use earl::render as earl;
pub use har::write as har;
pub use html::render as html;
pub use json::{read as read_json, render as json};
pub use junit::render as junit;
pub use markdown::render as markdown;
pub use sarif::render as sarif;
pub use scal::render as scal;
pub use tables::{data_package, requirements as requirements_table, results as results_table};
pub use terminal::render as text;
pub use test_report::render as test_report;
