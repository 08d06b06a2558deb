import { useNavigate } from "@tanstack/react-router";
import { useController } from "react-hook-form";
import { FormattedMessage, useIntl } from "react-intl";
import * as v from "valibot";
import { ok, type ApiError } from "@updspace/kit/answer.ts";
import { atField, Form, FormText, standardSchemaResolver, useForm } from "@updspace/kit/forms.tsx";
import { useAction } from "@updspace/kit/queries.ts";
import { rules } from "@updspace/kit/rules.ts";
import { languageNames } from "@updspace/kit/words.tsx";
import { Button } from "@updspace/ui/Button";
import { PageHead } from "@updspace/ui/PageHead";
import { Select } from "@updspace/ui/Select";
import { identity } from "../../../api.ts";
import { useStepUp } from "../../security/StepUp.tsx";
import { languages, tenantsKey, ways, type Tenant } from "./queries.ts";
import styles from "./Tenants.module.css";
import { Ways } from "./Ways.tsx";

/** A new community. */
export function NewTenant() {
  const intl = useIntl();
  const navigate = useNavigate();
  const { confirmed, dialog } = useStepUp();
  const { text } = rules(intl);
  const schema = v.object({
    name: text({ required: true, max: 128 }),
    slug: text({ required: true, max: 63 }),
    owner: text({ max: 254 }),
    membership: v.picklist(ways),
    default_language: v.picklist(languages),
  });
  type Values = v.InferOutput<typeof schema>;
  const defaultValues: Values = { name: "", slug: "", owner: "", membership: "invitation", default_language: "ru" };
  const form = useForm({ resolver: standardSchemaResolver(schema), defaultValues });
  const { control } = form;
  const way = useController({ control, name: "membership" }).field;
  const first = useController({ control, name: "default_language" }).field;
  const taken = intl.formatMessage({ id: "error.TENANT_ALREADY_EXISTS" });
  const make = useAction<Values, Tenant>({
    run: ({ owner, slug, ...rest }, headers) =>
      atField(
        confirmed(() =>
          ok(
            identity.POST("/api/v1/admin/tenants", {
              body: { ...rest, slug: slug.toLowerCase(), ...(owner !== "" && { owner }) },
              headers,
            }),
          ),
        ),
        "TENANT_ALREADY_EXISTS" satisfies ApiError["code"],
        "slug",
        taken,
      ),
    stale: [[tenantsKey]],
    done: ({ name }) => intl.formatMessage({ id: "admin.tenants.made" }, { name }),
    onDone: ({ slug }) => void navigate({ to: "/admin/tenants/$slug", params: { slug } }),
  });
  return (
    <>
      {dialog}
      <PageHead
        title={intl.formatMessage({ id: "admin.tenants.new" })}
        sub={intl.formatMessage({ id: "admin.tenants.new.sub" })}
        back={{ href: "/admin/tenants", name: intl.formatMessage({ id: "admin.tenants" }) }}
      />
      <section className="card" aria-label={intl.formatMessage({ id: "admin.tenants.new" })}>
        <div className={styles.body}>
          <Form form={form} action={make} onSubmit={make.start}>
            <FormText control={control} name="name" label={intl.formatMessage({ id: "admin.tenants.name" })} required />
            <FormText
              control={control}
              name="slug"
              label={intl.formatMessage({ id: "admin.tenants.slug" })}
              help={intl.formatMessage({ id: "admin.tenants.slug.help" })}
              required
            />
            <FormText
              control={control}
              name="owner"
              type="email"
              label={intl.formatMessage({ id: "admin.tenants.owner" })}
              help={intl.formatMessage({ id: "admin.tenants.owner.help" })}
            />
            <Ways value={way.value} onChange={way.onChange} />
            <Select
              label={intl.formatMessage({ id: "admin.tenants.language" })}
              value={first.value}
              onChange={first.onChange}
              choices={languages.map((id) => ({ id, name: languageNames[id] }))}
            />
            <div className="btns">
              <Button type="submit" variant="primary" pending={make.pending}>
                <FormattedMessage id="admin.tenants.make" />
              </Button>
            </div>
          </Form>
        </div>
      </section>
    </>
  );
}
