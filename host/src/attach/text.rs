//! Which part of a file Lua compiles.
//!
//! | the file begins with | what happens |
//! | --- | --- |
//! | a byte-order mark of UTF-8 | it is skipped |
//! | `#` (after the mark, if there is one) | its first line is skipped, as by `lua` and `loadfile`; the other lines keep their numbers |
//! | bytes with which no Lua text begins | the file is rejected, and the error names its format |
//!
//! Every script and every module passes through here, however it is attached.

/// The byte-order mark of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// First bytes of files that are not text, and their formats. No Lua text begins with any of them.
const KINDS: [(&[u8], &str); 15] = [
    (b"\xff\xfe\0\0", "text in UTF-32"),
    (b"\0\0\xfe\xff", "text in UTF-32"),
    (b"\xff\xfe", "text in UTF-16"),
    (b"\xfe\xff", "text in UTF-16"),
    (b"\x1bLua", "precompiled Lua (bytecode)"),
    (b"\x1bLJ", "precompiled LuaJIT (bytecode)"),
    (b"\x1f\x8b", "a gzip file"),
    (b"BZh91AY&SY", "a bzip2 file"),
    (b"\xfd7zXZ\0", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"PK\x03\x04", "a zip file"),
    (b"\x7fELF", "a program or library (ELF)"),
    (b"MZ\x90\0", "a program or library (Windows)"),
    (b"\0asm", "a WebAssembly module"),
    (b"\x89PNG", "an image (PNG)"),
];

/// The most bytes of white space that are skipped when looking for an HTML page.
const MOST_SPACE: usize = 256;

/// The text of a file that Lua compiles, or the file's format if it is not text.
pub(crate) fn lua(file: &[u8]) -> Result<&[u8], &'static str> {
    if let Some(kind) = kind(file) {
        return Err(kind);
    }
    let text = file.strip_prefix(MARK).unwrap_or(file);
    if !text.starts_with(b"#") {
        return Ok(text);
    }
    // The end of the first line stays, so that the second line keeps its number.
    Ok(text.iter().position(|byte| matches!(byte, b'\n' | b'\r')).map_or(b"", |end| &text[end..]))
}

/// The format of a file that is not Lua text, as far as its beginning shows.
fn kind(file: &[u8]) -> Option<&'static str> {
    if let Some((_, kind)) = KINDS.iter().find(|(begin, _)| file.starts_with(begin)) {
        return Some(kind);
    }
    match file {
        // An ASCII character in UTF-16 without a mark; no Lua text begins like this.
        [0, other, ..] | [other, 0, ..] if *other != 0 => return Some("text in UTF-16"),
        [0, ..] => return Some("binary data"),
        _ => {}
    }
    let page = file[..file.len().min(MOST_SPACE)].trim_ascii_start();
    let begins = |word: &[u8]| page.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word));
    (begins(b"<!doctype html") || begins(b"<html")).then_some("a page of HTML")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_before_lua_is_passed_over() {
        for (file, text) in [
            ("", ""),
            ("x = 1", "x = 1"),
            ("#!/usr/bin/lua\nx = 1", "\nx = 1"),
            ("# any first line\r\nx = 1", "\r\nx = 1"),
            ("#", ""),
            ("#no end", ""),
            ("#\n#", "\n#"),
            ("\u{feff}x = 1", "x = 1"),
            ("\u{feff}#!lua\nx = 1", "\nx = 1"),
            ("\u{feff}", ""),
            (" #", " #"),
            ("\u{feff}\u{feff}x", "\u{feff}x"),
        ] {
            assert_eq!(lua(file.as_bytes()), Ok(text.as_bytes()), "{file:?}");
        }
        // Bytes that are not UTF-8 are left to Lua.
        assert_eq!(lua(b"x = '\xff\0'"), Ok(&b"x = '\xff\0'"[..]));
    }

    #[test]
    fn what_is_no_text_is_called_by_its_name() {
        for (begin, name) in KINDS {
            assert_eq!(lua(&[begin, b"rest"].concat()), Err(name));
        }
        let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        assert_eq!(lua(&wide("\u{feff}x = 1")), Err("text in UTF-16"));
        assert_eq!(lua(&wide("x = 1")), Err("text in UTF-16"));
        assert_eq!(lua(b"\0x\0 "), Err("text in UTF-16"));
        assert_eq!(lua(b"\0\0\0"), Err("binary data"));
        assert_eq!(lua(b"\n <!DOCTYPE html><html>"), Err("a page of HTML"));
        assert_eq!(lua(b"<HTML>"), Err("a page of HTML"));
        assert_eq!(lua(b"BZh = 1"), Ok(&b"BZh = 1"[..]));
        assert_eq!(lua(b"MZ = 1 PK = 2"), Ok(&b"MZ = 1 PK = 2"[..]));
    }
}
