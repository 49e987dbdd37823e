//! The pages in a real browser, where there is one: what every page must meet, and what the single ones do.

mod browser;
mod demands;
mod each;
mod print;
mod report;

pub(crate) use browser::Browser;
