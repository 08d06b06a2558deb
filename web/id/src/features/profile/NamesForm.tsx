import { FormattedMessage, useIntl, type IntlShape } from "react-intl";
import { useQueryClient } from "@tanstack/react-query";
import * as v from "valibot";
import { ApiError, ok } from "@updspace/kit/answer.ts";
import { errorText } from "@updspace/kit/errors.tsx";
import { Form, FormText, standardSchemaResolver, useForm } from "@updspace/kit/forms.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { rules } from "@updspace/kit/rules.ts";
import { Button } from "@updspace/ui/Button";
import { accountQuery } from "../../session.ts";
import { identity } from "../../api.ts";
import type { Account } from "../../boot.ts";
import styles from "./Profile.module.css";

// Characters, as the server takes them.
const longestDisplayName = 128;
const longestName = 150;
const shortestUsername = 3;
const longestUsername = 32;
const longestPhone = 32;

function schema(intl: IntlShape, current: string) {
  const { text } = rules(intl);
  const form = intl.formatMessage({ id: "profile.usernameRule" }, { min: shortestUsername, max: longestUsername });
  return v.object({
    display_name: text({ max: longestDisplayName }),
    username: v.pipe(
      text({ required: true, max: longestUsername }),
      v.check((s) => s === current || (s.length >= shortestUsername && /^[\p{L}\p{N}\p{M}]+([._-][\p{L}\p{N}\p{M}]+)*$/u.test(s)), form),
    ),
    first_name: text({ max: longestName }),
    last_name: text({ max: longestName }),
    phone_number: text({ max: longestPhone }),
    birth_date: v.string(),
  });
}

/** What the form shows of an account. */
function valuesOf({ display_name, username, first_name, last_name, phone_number, birth_date }: Account) {
  return { display_name, username, first_name, last_name, phone_number: phone_number ?? "", birth_date: birth_date ?? "" };
}

export function NamesForm({ account }: { account: Account }) {
  const intl = useIntl();
  const queries = useQueryClient();
  const form = useForm({
    resolver: standardSchemaResolver(schema(intl, account.username)),
    defaultValues: valuesOf(account),
  });
  const save = useAction({
    run: (body: v.InferOutput<ReturnType<typeof schema>>, headers) =>
      ok(identity.PATCH("/api/v1/auth/profile", { body, headers })).catch((e: unknown) => {
        if (e instanceof ApiError && e.code === "USERNAME_TAKEN") {
          form.setError("username", { type: "server", message: errorText(intl, e) }, { shouldFocus: true });
        }
        throw e;
      }),
    done: intl.formatMessage({ id: "saved" }),
    onDone: ({ user }) => {
      queries.setQueryData(accountQuery.queryKey, user);
      form.reset(valuesOf(user));
    },
  });
  const { control } = form;
  return (
    <div className={styles.body}>
      <Form form={form} action={save} onSubmit={save.start}>
        <FormText
          control={control}
          name="display_name"
          label={intl.formatMessage({ id: "profile.displayName" })}
          help={intl.formatMessage({ id: "profile.displayNameHelp" })}
          autoComplete="nickname"
        />
        <FormText
          control={control}
          name="username"
          label={intl.formatMessage({ id: "profile.username" })}
          help={intl.formatMessage({ id: "profile.usernameRule" }, { min: shortestUsername, max: longestUsername })}
          autoComplete="username"
        />
        <div className={styles.pair}>
          <FormText control={control} name="first_name" label={intl.formatMessage({ id: "profile.firstName" })} autoComplete="given-name" />
          <FormText control={control} name="last_name" label={intl.formatMessage({ id: "profile.lastName" })} autoComplete="family-name" />
        </div>
        <div className={styles.pair}>
          <FormText
            control={control}
            name="phone_number"
            label={intl.formatMessage({ id: "profile.phone" })}
            help={intl.formatMessage({ id: "profile.optional" })}
            type="tel"
            autoComplete="tel"
          />
          <FormText
            control={control}
            name="birth_date"
            label={intl.formatMessage({ id: "profile.birthDate" })}
            help={intl.formatMessage({ id: "profile.optional" })}
            type="date"
            autoComplete="bday"
          />
        </div>
        <div className="btns">
          <Button type="submit" variant="primary" pending={save.pending}>
            <FormattedMessage id="action.save" />
          </Button>
        </div>
      </Form>
    </div>
  );
}
