//! The app is embedded from `dist/`: a new app is a new server.

fn main() {
    println!("cargo:rerun-if-changed=../../dist");
}
