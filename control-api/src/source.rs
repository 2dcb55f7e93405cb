//! Texts of scripts and modules.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A script's or module's text. Bytes that are not UTF-8 are given as hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Source {
    /// A text.
    Text(String),
    /// Bytes that are not UTF-8.
    Bytes(Hex),
}

/// Bytes as hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct Hex {
    /// Two digits for each byte.
    #[schemars(extend("pattern" = "^([0-9a-fA-F]{2})*$"))]
    pub bytes: String,
}

impl Source {
    /// The source for a file's content.
    pub fn of(bytes: &[u8]) -> Source {
        match std::str::from_utf8(bytes) {
            Ok(text) => Source::Text(text.to_owned()),
            Err(_) => Source::Bytes(Hex { bytes: bytes.iter().map(|byte| format!("{byte:02x}")).collect() }),
        }
    }

    /// The content of the file.
    ///
    /// # Errors
    /// An odd number of digits, or characters that are not hexadecimal digits.
    pub fn into_bytes(self) -> Result<Vec<u8>, String> {
        let hex = match self {
            Source::Text(text) => return Ok(text.into_bytes()),
            Source::Bytes(Hex { bytes }) => bytes,
        };
        let digits = hex.as_bytes();
        let byte = |pair: &[u8]| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok());
        let fine = digits.len() % 2 == 0 && digits.iter().all(u8::is_ascii_hexdigit);
        let bytes: Option<Vec<u8>> = if fine { digits.chunks(2).map(byte).collect() } else { None };
        bytes.ok_or_else(|| "bytes: expected an even number of hex digits".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    #[test]
    fn sources_are_text_or_hex() {
        let read = |json: Json| serde_json::from_value::<Source>(json).map(Source::into_bytes);
        assert_eq!(read(json!("é")).expect("text"), Ok("é".as_bytes().to_vec()));
        assert_eq!(read(json!({ "bytes": "ff0A" })).expect("hex"), Ok(vec![255, 10]));
        for hex in ["f", "fg", "+f", "éé"] {
            assert!(read(json!({ "bytes": hex })).expect("an object").is_err(), "{hex}");
        }
        assert!(read(json!({ "bytes": "", "more": 1 })).is_err());
        let written = |bytes: &[u8]| serde_json::to_value(Source::of(bytes)).expect("it is JSON");
        assert_eq!(written(b"ab"), json!("ab"));
        assert_eq!(written(b"\xff\x00"), json!({ "bytes": "ff00" }));
    }
}
