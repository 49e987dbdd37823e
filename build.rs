//! Builds anew when a standard or a fixture changes: both are built into the program, and cargo would not
//! notice a file that is new.

fn main() {
    println!("cargo::rerun-if-changed=profiles");
    println!("cargo::rerun-if-changed=fixtures");
}
