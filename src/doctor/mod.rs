//! What would stop a run, found out with a few requests before it is started: the connection, who we are, the server's
//! claims, its clock, and the data.

mod authentication;
mod capabilities;
mod clock;
mod connection;
mod diagnosis;
mod examine;
mod tls;

pub use diagnosis::{Check, Diagnosis, State};
pub use examine::Doctor;
