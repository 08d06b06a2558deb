import { ok, portal } from "@updspace/kit/api.ts";
import { atField, Form, FormArea, FormText, standardSchemaResolver, useForm } from "@updspace/kit/forms.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { rules } from "@updspace/kit/rules.ts";
import { Button } from "@updspace/ui/Button";
import { FormattedMessage, useIntl } from "react-intl";
import * as v from "valibot";
import { profileStale, type Profile } from "./queries.ts";
import style from "./settings.module.css";

interface ProfileDraft {
  first_name: string;
  last_name: string;
  display_name: string;
  username: string;
  bio: string;
}

/** The names and the words about oneself that members see. */
export function ProfileForm({ profile }: { profile: Profile }) {
  const intl = useIntl();
  const { text } = rules(intl);
  const schema = v.object({
    first_name: text({ max: 128 }),
    last_name: text({ max: 128 }),
    display_name: text({ max: 128 }),
    username: text({ max: 64 }),
    bio: text({ max: 4000 }),
  });
  const form = useForm({
    resolver: standardSchemaResolver(schema),
    defaultValues: {
      first_name: profile.first_name,
      last_name: profile.last_name,
      display_name: profile.display_name ?? "",
      username: profile.username ?? "",
      bio: profile.bio ?? "",
    },
  });
  const save = useAction({
    run: (draft: ProfileDraft, headers) =>
      atField(
        ok(portal.PATCH("/api/v1/portal/me", { body: draft, headers })),
        "USERNAME_TAKEN",
        "username",
        intl.formatMessage({ id: "settings.username.taken" }),
      ),
    stale: profileStale,
    done: intl.formatMessage({ id: "settings.saved" }),
  });
  const { control } = form;
  return (
    <section className="card pad-l" aria-labelledby="profile">
      <h2 id="profile" className="vh">
        <FormattedMessage id="settings.part.profile" />
      </h2>
      <Form form={form} action={save} onSubmit={save.start}>
        <div className={style["pair"]}>
          <FormText
            control={control}
            name="first_name"
            label={intl.formatMessage({ id: "settings.firstName" })}
            autoComplete="given-name"
          />
          <FormText control={control} name="last_name" label={intl.formatMessage({ id: "settings.lastName" })} autoComplete="family-name" />
        </div>
        <div className={style["pair"]}>
          <FormText
            control={control}
            name="display_name"
            label={intl.formatMessage({ id: "settings.displayName" })}
            help={intl.formatMessage({ id: "settings.displayName.help" })}
            autoComplete="nickname"
          />
          <FormText
            control={control}
            name="username"
            label={intl.formatMessage({ id: "settings.username" })}
            help={intl.formatMessage({ id: "settings.username.help" })}
            autoComplete="username"
          />
        </div>
        <FormArea
          control={control}
          name="bio"
          label={intl.formatMessage({ id: "settings.bio" })}
          help={intl.formatMessage({ id: "settings.bio.help" })}
          rows={5}
        />
        <div className="btns right">
          <Button type="submit" variant="primary" pending={save.pending}>
            <FormattedMessage id="action.save" />
          </Button>
        </div>
      </Form>
    </section>
  );
}
