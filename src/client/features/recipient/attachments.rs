//! 附件 and 年度照片 of a file.

mod form;
mod yearly;

use super::state::Boxed;
use crate::{
    data::{AttachmentRow, RecipientFile, Removed, use_data},
    features::{
        days,
        entry::{save, save_undoably},
        labels,
        thumbs::Thumbs,
    },
    locale::words::attachments as w,
    ui::{Button, ButtonKind, CellGroup, IconName, use_notices},
};
use domain::attachment::YEARLY;
use form::AddAttachment;
use leptos::prelude::*;
use yearly::Yearly;

#[component]
pub(super) fn Attachments(file: Boxed<RecipientFile>) -> impl IntoView {
    let of = |yearly: bool| -> Vec<AttachmentRow> {
        file.attachments.iter().filter(|row| (row.kind == YEARLY) == yearly).cloned().collect()
    };
    let (yearly, rows) = (of(true), of(false));
    let title = if rows.is_empty() { w::title().to_owned() } else { w::title_of(rows.len()) };
    let is_none = rows.is_empty();
    view! {
        <Yearly recipient=file.row.id rows=yearly />
        <CellGroup title>
            {is_none.then(|| view! { <p class="file__two quiet">{w::none()}</p> })}
            {rows.into_iter().map(|row| view! { <One row /> }).collect_view()}
            <AddAttachment recipient=file.row.id />
        </CellGroup>
    }
}

#[component]
fn One(row: AttachmentRow) -> impl IntoView {
    let (data, notices) = (use_data(), use_notices());
    let id = row.id;
    let kind = labels::value("attachment_kind", &row.kind.clone().into());
    let name = {
        let kind = kind.clone();
        move |n: usize| w::photo_of(&kind, n)
    };
    let remove = move || {
        let put_back = move |removed: Removed| {
            save(notices, w::put_back(), async move { data.put_back(removed).await });
        };
        save_undoably(notices, w::removed(), async move { data.remove_attachment(id).await }, put_back);
    };
    view! {
        <div class="file__two">
            <p class="strong">{w::note(&kind, days::said(&row.taken_on))}</p>
            {(!row.remark.is_empty()).then(|| view! { <p>{row.remark.clone()}</p> })}
            <Thumbs name blobs=row.blobs />
            <div><Button kind=ButtonKind::Quiet icon=IconName::Close on_press=remove>{w::remove()}</Button></div>
        </div>
    }
}
