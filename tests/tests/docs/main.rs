//! What the documents say, held against what happens.
//!
//! ```text
//! readme.rs   README's walks, its files, `make install`
//! book.rs     the book's walks, and that no command in it goes unrun without a reason
//! links.rs    links and includes of every document
//! walk.rs     runs the commands that a document shows, and compares what they print
//! ```
//!
//! `BLESS=1` writes what the commands print into the documents.

#![allow(clippy::unwrap_used)]

mod book;
mod links;
mod readme;
mod walk;
