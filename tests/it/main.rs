//! End-to-end tests: the real program against endpoints that run in the test, and what holds for the
//! project as a whole.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod architecture;
mod authentication;
mod bad_endpoints;
mod bad_files;
mod certificates;
mod command_line;
mod compare;
mod constraints;
mod control;
mod coverage;
mod demo;
mod difference;
mod doctor;
mod endpoint;
mod examples;
mod faithful;
mod faults;
mod fhirpath;
mod fixtures;
mod generated;
mod guarded;
mod hostile_endpoints;
mod hostile_packages;
mod json;
mod judge;
mod language;
mod must_support;
mod official;
mod pace;
mod packages;
mod page;
mod planted;
mod real_examples;
mod recipes;
mod registry;
mod round_trips;
mod rules;
mod scenario_reference;
mod schemas;
mod seeding;
mod share;
mod small_server;
mod snapshots;
mod suite;
mod terminology;
mod test_data;
mod test_script;
mod tiny;
mod tls;
mod tls_server;
mod validate;
mod workspace;
mod writing_a_standard;
