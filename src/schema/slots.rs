//! What the fields of a block hold. Blocks have dozens of fields and set a few: only those take memory. Must not know
//! what is held.

/// What is held for some fields, by their place in the schema.
#[derive(Debug, Clone)]
pub struct Slots<T>(Vec<(u16, T)>);

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Default> Slots<T> {
    /// What is held for a field, if anything is.
    pub fn get(&self, field: usize) -> Option<&T> {
        self.0.get(self.place(field).ok()?).map(|(_, held)| held)
    }

    /// What is held for a field; the default where nothing was.
    pub fn at(&mut self, field: usize) -> Option<&mut T> {
        let at = self.place(field).unwrap_or_else(|at| {
            // Few fields come after another: the room that lists keep for growing would be most of it.
            self.0.reserve_exact(1);
            self.0.insert(at, (field as u16, T::default()));
            at
        });
        self.0.get_mut(at).map(|(_, held)| held)
    }

    /// Holds something for a field, in place of what was there.
    pub fn set(&mut self, field: usize, new: T) {
        if let Some(held) = self.at(field) {
            *held = new;
        }
    }

    /// Takes out what is held for a field.
    pub fn take(&mut self, field: usize) -> Option<T> {
        let at = self.place(field).ok()?;
        Some(self.0.remove(at).1)
    }

    /// The same fields, with something else for each.
    pub fn map<U>(&self, of: impl Fn(&T) -> U) -> Slots<U> {
        Slots(self.0.iter().map(|(field, held)| (*field, of(held))).collect())
    }

    fn place(&self, field: usize) -> Result<usize, usize> {
        self.0.binary_search_by_key(&field, |(known, _)| usize::from(*known))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_held_in_any_order_and_each_once() {
        let mut slots = Slots::default();
        slots.set(40, "b");
        slots.set(3, "a");
        slots.set(40, "c");
        assert_eq!([slots.get(3), slots.get(4), slots.get(40)], [Some(&"a"), None, Some(&"c")]);
        assert_eq!(slots.at(4), Some(&mut ""));
        assert_eq!(slots.map(|held| held.len()).get(40), Some(&1));
        assert_eq!((slots.take(3), slots.take(3)), (Some("a"), None));
    }
}
