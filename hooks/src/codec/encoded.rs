//! Encoded arguments, in the two pieces in which they were written.

/// Encoded arguments: the slots, and the data behind them. Offsets count through both, as if the second followed the
/// first; the pieces are joined only in the guest's memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoded<'a> {
    /// The slots of the arguments.
    pub head: &'a [u8],
    /// Texts, lists and maps.
    pub tail: &'a [u8],
}

impl<'a> Encoded<'a> {
    /// The total number of bytes.
    #[inline]
    pub fn len(&self) -> usize {
        self.head.len() + self.tail.len()
    }

    /// Whether there are no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// `len` bytes from `at` on; `None` if there are fewer, or if they cross the pieces, which no value does.
    #[inline]
    pub fn get(&self, at: usize, len: usize) -> Option<&'a [u8]> {
        let (piece, at) = match at.checked_sub(self.head.len()) {
            None => (self.head, at),
            Some(at) => (self.tail, at),
        };
        piece.get(at..at.checked_add(len)?)
    }

    /// Both, one after the other.
    pub fn to_vec(&self) -> Vec<u8> {
        [self.head, self.tail].concat()
    }
}

/// Arguments that lie in one piece.
impl<'a, T: AsRef<[u8]> + ?Sized> From<&'a T> for Encoded<'a> {
    fn from(bytes: &'a T) -> Encoded<'a> {
        Encoded { head: bytes.as_ref(), tail: &[] }
    }
}
