//! Closed sets of words: enums that are written as one word each, in policy files and everywhere else.
//!
//! The macro gives such an enum its words once, and from them `ALL`, `WORDS`, `as_str`, `Display` and `FromStr`,
//! so that the words that are read, printed and listed as expected in errors cannot differ.

use crate::text::{one_of, shown};

/// A word that is not in its set.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{} is not a {what}: expected {}", shown(.text), one_of(.expected))]
pub struct UnknownWord {
    /// The kind of word that was expected, such as `fault cause`.
    pub what: &'static str,
    /// The word that was read.
    pub text: String,
    /// The words of the set.
    pub expected: &'static [&'static str],
}

macro_rules! words {
    (
        $(#[$meta:meta])*
        pub enum $name:ident is $what:literal {
            $($(#[$variant_meta:meta])* $variant:ident = $word:literal,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
        }

        impl $name {
            /// All of them, in the order of declaration.
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$variant),+];

            /// The words, in the order of [`ALL`](Self::ALL).
            pub const WORDS: [&'static str; [$($word),+].len()] = [$($word),+];

            /// The word, as policy files write it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::word::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::word::UnknownWord {
                        what: $what,
                        text: text.to_owned(),
                        expected: &Self::WORDS,
                    }),
                }
            }
        }
    };
}
pub(crate) use words;
