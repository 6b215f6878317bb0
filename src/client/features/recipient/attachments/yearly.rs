//! 年度照片: one a year, side by side.

use crate::{
    data::{AttachmentRow, NewAttachment, use_data},
    features::{problems, taken_photos::TakenPhotos, thumbs::Thumbs},
    locale::words::attachments as w,
    platform::{clock, picture::Size},
    ui::{Button, ButtonKind, Cell, CellGroup, Dialog, FieldWords, use_notices},
};
use domain::attachment::YEARLY;
use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

#[component]
pub(super) fn Yearly(recipient: Uuid, rows: Vec<AttachmentRow>) -> impl IntoView {
    let this_year = clock::today_day().year().to_string();
    let has_this = rows.iter().any(|row| row.taken_on.starts_with(&this_year));
    let year = |row: &AttachmentRow| row.taken_on.get(..4).unwrap_or_default().to_owned();
    let is_none = rows.is_empty();
    // The last that was taken is the one that counts.
    let shown = rows.into_iter().filter_map(|row| Some((year(&row), *row.blobs.last()?)));
    let shown = shown.map(|(year, blob)| {
        let name = {
            let year = year.clone();
            move |_: usize| w::yearly_title(&year)
        };
        view! {
            <figure class="file__year">
                <Thumbs name blobs=vec![blob] />
                <figcaption class="quiet small">{w::yearly_of(year)}</figcaption>
            </figure>
        }
    });
    let shown: Vec<_> = shown.collect();
    view! {
        <CellGroup title=w::yearly()>
            {if is_none {
                view! { <p class="file__two quiet">{w::yearly_none()}</p> }.into_any()
            } else {
                view! { <div class="file__years">{shown}</div> }.into_any()
            }}
            <Take recipient words=if has_this { w::yearly_again() } else { w::yearly_add() } />
        </CellGroup>
    }
}

/// This year's photo.
#[component]
fn Take(recipient: Uuid, words: &'static str) -> impl IntoView {
    let (data, notices) = (use_data(), use_notices());
    let (open, busy) = (RwSignal::new(false), RwSignal::new(false));
    let (photos, problem) = (RwSignal::new(Vec::new()), RwSignal::new(String::new()));
    let take = move || {
        let all = photos.get_untracked();
        if all.is_empty() {
            return problem.set(w::photos_missing().to_owned());
        }
        let new = NewAttachment {
            kind: YEARLY.to_owned(),
            taken_on: clock::today(),
            remark: String::new(),
            photos: all,
        };
        busy.set(true);
        spawn_local(async move {
            match data.put_attachment(recipient, new).await {
                Ok(()) => {
                    open.try_set(false);
                    photos.try_set(Vec::new());
                    notices.say(w::saved());
                }
                Err(error) => drop(problem.try_set(problems::save(&error).title)),
            }
            busy.try_set(false);
        });
    };
    let acts = move || {
        view! {
            <Button kind=ButtonKind::Plain on_press=move || open.set(false)>{crate::locale::words::ui::cancel()}</Button>
            <Button busy on_press=take>{crate::locale::words::file::save()}</Button>
        }
    };
    view! {
        <Cell label=words on_press=move || open.set(true) />
        <Dialog open title=words acts>
            <TakenPhotos words=FieldWords::label(w::photos()).must() max=1 size=Size::PHOTO photos problem />
        </Dialog>
    }
}
