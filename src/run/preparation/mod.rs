//! Before a run: the records that it needs are looked for in the server, loaded where that was asked for, and
//! discovered where the server holds others.

mod ask;
mod finding;
mod fit;
mod lookup;
mod prepare;
mod seed;
mod seeded;
mod writes;

pub use ask::Keep;
pub(super) use ask::is_prepared;
pub use finding::{DataFinding, DataState};
pub use prepare::{Preparation, Prepared};
pub use seeded::{SeedOutcome, Seeded};
