//! Runs of several suppliers by one standard, side by side, as a buyer lays bids beside one another.

mod csv;
mod differences;
mod html;
mod json;
mod model;
mod text;
mod weights;

pub use csv::render as csv;
pub use differences::{Difference, Weight};
pub use html::render as html;
pub use json::render as json;
pub use model::{Bid, Bids, Cell, NotComparable, Risk, Row, Score};
pub use text::render as text;
pub use weights::Weights;
