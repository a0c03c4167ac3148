//! Where each row and head of a list stands, in pixels.

use std::ops::Range;

/// The height of a row.
pub const ROW_PX: i32 = 64;
/// The height of a head.
pub const HEAD_PX: i32 = 28;

/// A head, and the row it stands before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Section {
    /// The letter.
    pub head: char,
    /// The first row under it.
    pub first: usize,
}

/// The list's geometry.
#[derive(Debug, PartialEq)]
pub struct Layout {
    count: usize,
    sections: Vec<Section>,
}

/// What to draw: the head that sticks, empty space around it, rows, empty space.
#[derive(Debug, PartialEq)]
pub struct Shown {
    /// Pixels above the head that sticks.
    pub before: i32,
    /// The head that sticks.
    pub current: Option<Section>,
    /// Pixels between it and the first row.
    pub above: i32,
    /// The rows.
    pub rows: Range<usize>,
    /// Pixels below the last row.
    pub after: i32,
}

impl Layout {
    /// The geometry of a list.
    pub fn new(count: usize, sections: &[Section]) -> Layout {
        Layout {
            count,
            sections: sections.to_vec(),
        }
    }

    /// How many heads stand at or before a row.
    fn heads(&self, row: usize) -> usize {
        self.sections
            .partition_point(|section| section.first <= row)
    }

    /// Where a row begins.
    pub fn top_of(&self, row: usize) -> i32 {
        row as i32 * ROW_PX + self.heads(row) as i32 * HEAD_PX
    }

    /// How far to scroll so that a row is the first one below its head.
    pub fn top_under_head(&self, row: usize) -> i32 {
        let head = if self.sections.is_empty() { 0 } else { HEAD_PX };
        self.top_of(row) - head
    }

    /// The row at a height, or the last one above it.
    pub fn row_at(&self, px: i32) -> usize {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.top_of(middle) + ROW_PX <= px {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The head under which a row stands.
    pub fn section_before(&self, row: usize) -> Option<Section> {
        let at = self.heads(row).checked_sub(1)?;
        self.sections.get(at).copied()
    }

    /// The head right before a row.
    pub fn section_at(&self, row: usize) -> Option<Section> {
        self.section_before(row)
            .filter(|section| section.first == row)
    }

    /// What to draw so that these heights are filled.
    pub fn between(&self, from: i32, to: i32) -> Shown {
        let first = self.row_at(from.max(0)).min(self.count);
        let last = (self.row_at(to.max(0)) + 1).min(self.count);
        let all = self.count as i32 * ROW_PX + self.sections.len() as i32 * HEAD_PX;
        let current = self.section_before(first).filter(|_| first < self.count);
        let head_top = current.map_or(0, |section| self.top_of(section.first) - HEAD_PX);
        let first_top = if first < self.count {
            self.top_of(first)
        } else {
            all
        };
        let drawn_head = if current.is_some() { HEAD_PX } else { 0 };
        let end = match last.checked_sub(1) {
            Some(last) if last >= first => self.top_of(last) + ROW_PX,
            Some(_) | None => first_top,
        };
        Shown {
            before: head_top,
            current,
            above: first_top - head_top - drawn_head,
            rows: first..last.max(first),
            after: all - end,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout() -> Layout {
        let section = |head, first| Section { head, first };
        Layout::new(
            1_000,
            &[section('A', 0), section('B', 10), section('C', 500)],
        )
    }

    #[test]
    fn what_is_drawn_and_the_space_around_it_are_as_high_as_the_list() {
        let layout = layout();
        for top in [0, 1, 600, 668, 700, 40_000, 64_084] {
            let shown = layout.between(top, top + 900);
            let rows = shown.rows.len() as i32 * ROW_PX;
            let first = shown.current.map(|section| section.first);
            let heads = shown
                .rows
                .clone()
                .filter(|row| layout.section_at(*row).is_some() && first != Some(*row))
                .count() as i32
                + i32::from(shown.current.is_some());
            let all = shown.before + shown.above + rows + heads * HEAD_PX + shown.after;
            assert_eq!(all, 1_000 * ROW_PX + 3 * HEAD_PX, "{top}");
            assert!(shown.above >= 0 && shown.before >= 0 && shown.after >= 0);
        }
    }

    #[test]
    fn a_row_is_found_where_it_stands() {
        let layout = layout();
        for row in [0, 9, 10, 11, 499, 500, 999] {
            assert_eq!(layout.row_at(layout.top_of(row)), row);
            assert_eq!(layout.row_at(layout.top_of(row) + ROW_PX - 1), row);
        }
        assert_eq!(layout.section_before(499).map(|s| s.head), Some('B'));
        assert_eq!(layout.section_at(499), None);
    }

    #[test]
    fn an_empty_list_is_drawn() {
        let shown = Layout::new(0, &[]).between(0, 900);
        assert_eq!((shown.before, shown.above, shown.after), (0, 0, 0));
        assert!(shown.rows.is_empty());
    }
}
