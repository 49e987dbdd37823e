//! The register as a site of static pages and as files for programs: everything is made from its history, on a day.

mod csv;
mod feed;
mod findings;
mod json;
mod page;
mod pages;
mod product;
mod rows;
mod search;
mod site;

pub use csv::render as csv;
pub use findings::{Checked, Under, json as findings_json, text as findings_text};
pub use json::{EntryDocument, RegisterDocument, StandardDocument, rows as rows_json};
pub use rows::text as rows_text;
pub use site::{Published, Site, SiteError, stale};
