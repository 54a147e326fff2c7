//! Sets of places in a list that belong together.

/// Disjoint sets, joined two by two.
pub(super) struct Sets {
    /// Another of the same set; itself for the head.
    next: Vec<usize>,
}

impl Sets {
    /// Every place alone.
    pub(super) fn new(places: usize) -> Self {
        Self { next: (0..places).collect() }
    }

    /// Makes one set of the sets of both; its head is the lowest place.
    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.head(a), self.head(b));
        if let Some(next) = self.next.get_mut(a.max(b)) {
            *next = a.min(b);
        }
    }

    /// The sets of two places and more, as pairs of a set's head and a place in it; rising.
    pub(super) fn joined(&mut self) -> Vec<(usize, usize)> {
        let mut all: Vec<(usize, usize)> = (0..self.next.len()).map(|at| (self.head(at), at)).collect();
        let mut sizes = vec![0_usize; all.len()];
        for (head, _) in &all {
            if let Some(size) = sizes.get_mut(*head) {
                *size = size.saturating_add(1);
            }
        }
        all.retain(|(head, _)| sizes.get(*head).is_some_and(|size| *size > 1));
        all.sort_unstable();
        all
    }

    fn head(&mut self, mut at: usize) -> usize {
        while let Some(next) = self.next.get(at).copied().filter(|next| *next != at) {
            // Led past the next, so that no way stays long.
            let after = self.next.get(next).copied().unwrap_or(next);
            if let Some(shorter) = self.next.get_mut(at) {
                *shorter = after;
            }
            at = after;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_joined_is_one_set() {
        let mut sets = Sets::new(8);
        for (a, b) in [(7, 6), (6, 5), (5, 2), (1, 3)] {
            sets.join(a, b);
        }

        assert_eq!(sets.joined(), [(1, 1), (1, 3), (2, 2), (2, 5), (2, 6), (2, 7)]);
    }
}
