//! Writes the built module to a file: `make dist` packages it.

use std::error::Error;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args_os().nth(1).ok_or("expected the path of the file to write")?;
    fs::write(path, tenterhook_guest_lua::WASM)?;
    println!("{}", tenterhook_guest_lua::SHA256);
    Ok(())
}
