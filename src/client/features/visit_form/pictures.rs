//! Photos and signatures as answers: their bytes are on the phone's disk before they are shown.

use super::question::{Asked, texts};
use crate::{
    features::problems,
    locale::words::form as w,
    platform::picture::Size,
    ui::{
        Button, ButtonKind, Choice, ChoiceKind, Field, FieldKind, FieldWords, Ink, Opt, PhotoField, Shot,
        SignaturePad, use_notices,
    },
};
use domain::checklist::Refusal;
use leptos::prelude::*;
use serde_json::{Value, json};

#[component]
pub(super) fn PhotoAnswer(asked: Asked) -> impl IntoView {
    let notices = use_notices();
    let (work, value) = (asked.work, asked.value);
    let code = StoredValue::new(asked.code().to_owned());
    let (kind, size) = if asked.question.paper { ("paper", Size::PAPER) } else { ("photo", Size::PHOTO) };
    let shots = Signal::derive(move || {
        texts(&value.read())
            .into_iter()
            .map(|key| Shot { url: work.pictures.url(&key), key })
            .collect::<Vec<_>>()
    });
    let add = move |bytes: Vec<u8>| {
        work.track(async move {
            let code = code.get_value();
            let hash = work.attach(&code, kind, &bytes).await?;
            let mut hashes = value.try_get_untracked().map(|value| texts(&value)).unwrap_or_default();
            if hashes.contains(&hash) {
                notices.say(w::photo_twice());
            } else {
                hashes.push(hash);
            }
            work.show(&code, json!(hashes));
            Ok(())
        });
    };
    let remove = move |key: String| {
        work.track(async move {
            let code = code.get_value();
            work.detach(&code, std::slice::from_ref(&key)).await?;
            let before = value.try_get_untracked().map(|value| texts(&value)).unwrap_or_default();
            let rest: Vec<_> = before.into_iter().filter(|one| *one != key).collect();
            let rest = if rest.is_empty() { Value::Null } else { json!(rest) };
            work.show(&code, rest);
            Ok(())
        });
    };
    let unkept = Signal::derive(move || {
        work.failed.read().as_ref().map(|error| problems::save(error).title).unwrap_or_default()
    });
    let saving = Signal::derive(move || work.pending.get() > 0);
    let is_paper = asked.question.paper;
    let stamp = move |taken_at: i64| if is_paper { String::new() } else { work.stamp(taken_at) };
    let max = usize::try_from(asked.question.limits().1).unwrap_or(usize::MAX);
    view! {
        <PhotoField words=asked.words shots max size stamp on_add=add on_remove=remove problem=asked.problem saving unkept />
    }
}

#[component]
pub(super) fn SignatureAnswer(asked: Asked) -> impl IntoView {
    let (work, value) = (asked.work, asked.value);
    let code = StoredValue::new(asked.code().to_owned());
    let image = Signal::derive(move || {
        texts(&value.read()).first().map(|hash| work.pictures.url(hash)).unwrap_or_default()
    });
    let is_refused = Memo::new(move |_| value.read().get("refused").is_some());
    let sign = move |ink: Ink| {
        work.track(async move {
            let code = code.get_value();
            let hash = work.attach(&code, "sign", &ink.png).await?;
            work.show(&code, json!([hash]));
            Ok(())
        });
    };
    let clear = move || {
        work.track(async move {
            let code = code.get_value();
            let before = value.try_get_untracked().map(|value| texts(&value)).unwrap_or_default();
            work.detach(&code, &before).await?;
            work.show(&code, Value::Null);
            Ok(())
        });
    };
    let refuse = move || work.answer(&code.get_value(), json!({ "refused": Refusal::REFUSES, "reason": "" }));
    let words = asked.words.clone();
    let problem = asked.problem;
    let may_refuse = asked.question.may_refuse;
    let refused = asked.clone();
    view! {
        <Show
            when=move || is_refused.get()
            fallback=move || {
                view! {
                    <div class="stack">
                        <SignaturePad words=words.clone() image on_sign=sign on_clear=clear problem />
                        {may_refuse
                            .then(|| {
                                view! {
                                    <Show when=move || image.read().is_empty()>
                                        <Button kind=ButtonKind::Quiet on_press=refuse>{w::not_signed()}</Button>
                                    </Show>
                                }
                            })}
                    </div>
                }
            }
        >
            <Refused asked=refused.clone() />
        </Show>
    }
}

/// 拒签 or 不便, with the reason.
#[component]
fn Refused(asked: Asked) -> impl IntoView {
    let (work, value) = (asked.work, asked.value);
    let code = StoredValue::new(asked.code().to_owned());
    let part =
        move |name: &str| value.read().get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let reason = RwSignal::new(
        value.get_untracked().get("reason").and_then(Value::as_str).unwrap_or_default().to_owned(),
    );
    let give = move |refused: String, reason: String| {
        work.answer(&code.get_value(), json!({ "refused": refused, "reason": reason }));
    };
    let options = vec![Opt::new(Refusal::REFUSES, w::refuses()), Opt::new(Refusal::UNABLE, w::unable())];
    let choose = move |chosen: Vec<String>| {
        give(chosen.into_iter().next().unwrap_or_default(), reason.get_untracked())
    };
    view! {
        <div class="stack">
            <Choice
                words=asked.words
                kind=ChoiceKind::One
                options
                chosen=Signal::derive(move || vec![part("refused")])
                on_choose=choose
            />
            <Field
                words=FieldWords::label(w::reason()).must()
                kind=FieldKind::Long
                value=reason
                problem=asked.problem
                on_change=move |text: String| give(part("refused"), text)
            />
            <Button kind=ButtonKind::Quiet on_press=move || work.answer(&code.get_value(), Value::Null)>{w::sign_after_all()}</Button>
        </div>
    }
}
