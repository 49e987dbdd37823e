//! Reports: one file a format, each a pure function of the saved run, so that it can be rendered again years later.

mod annotations;
pub mod bids;
mod case;
mod certificate;
mod changes;
pub mod difference;
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
pub mod selfcheck;
mod spreadsheet;
mod standing;
mod template;
mod terminal;
#[cfg(test)]
mod tests;

pub use format::{Evidence, Format, RenderError, UnknownFormat};
pub use json::ReadError;
pub use terminal::Style;

pub use annotations::render as annotations;
pub use certificate::{PageError, render as certificate_page};
pub use har::write as har;
pub use html::render as html;
pub use json::{read as read_json, render as json};
pub use junit::render as junit;
pub use markdown::render as markdown;
pub use terminal::render as text;
