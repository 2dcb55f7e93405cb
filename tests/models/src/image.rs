//! Stands for the sandbox's image: its number, and the interpreter's own size.

/// An image of nothing.
pub struct Image {
    pub(crate) id: u64,
}

impl Image {
    /// The image of that number, at least 1.
    pub fn of(id: u64) -> Image {
        Image { id }
    }

    /// Bytes of memory.
    pub fn memory_size(&self) -> usize {
        SMALL
    }
}

/// The interpreter's own size.
pub const SMALL: usize = 1;
