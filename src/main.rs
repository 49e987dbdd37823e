//! The `proofmark` program: parses, calls the library, exits.

use std::process::ExitCode;

fn main() -> ExitCode {
    proofmark::cli::main()
}
