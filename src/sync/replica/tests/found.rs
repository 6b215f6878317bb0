//! Bad days that the simulator found, each told again in its few decisive steps. The number is the seed that brought it first.

use super::phone::{OTHER, Phone, VILLAGE, e, full, rev, scope};
use crate::{
    id::AreaId,
    rev::Rev,
    wire::{PullAnswer, PullError, PullPage, Row},
};
use serde_json::json;

fn page_at(head: Rev, cur: Rev, rows: Vec<Row>) -> PullAnswer {
    let areas = [VILLAGE, OTHER, AreaId::OWN];
    let cur_of_all = areas.map(|area| (area, cur)).into();
    let more = cur < head;
    PullAnswer::Page(PullPage { epoch: head.epoch, head, cur: cur_of_all, more, rows, digest: None })
}

#[test]
fn r8_seed_141_a_record_that_moves_into_a_staged_area_is_there_after_the_swap() {
    let mut phone = Phone::settled();
    phone.tap();
    phone.answer(|answer| {
        answer.pull = Some(scope(2, &[VILLAGE, OTHER]));
        if let Some(PullAnswer::Error(PullError::Scope { areas, .. })) = &mut answer.pull {
            areas.iter_mut().for_each(|node| node.again = node.id == VILLAGE);
        }
    });
    let exit = Row { x: Some("exit".to_owned()), e: e(3), rev: rev(8), area: OTHER, ..Row::default() };
    let rows = vec![exit, full(3, VILLAGE, 8, &[("mobile", json!("1"))])];
    phone.answer(|answer| answer.pull = Some(page_at(rev(8), rev(8), rows)));
    assert_eq!(phone.rep.get(&e(3)).map(|record| record.area), Some(VILLAGE));
    assert_eq!((phone.meta().areas[&VILLAGE].live.rows, phone.meta().areas[&OTHER].live.rows), (1, 0));
}
