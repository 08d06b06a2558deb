import { useIntl } from "react-intl";
import { RadioCards } from "@updspace/ui/RadioCards";
import { ways } from "./queries.ts";

type Way = (typeof ways)[number];

/** How people become members of a community. */
export function Ways({ value, onChange }: { value: Way; onChange: (way: Way) => void }) {
  const intl = useIntl();
  return (
    <RadioCards
      legend={intl.formatMessage({ id: "admin.tenants.way" })}
      value={value}
      onChange={onChange}
      choices={ways.map((id) => ({
        id,
        name: intl.formatMessage({ id: `admin.tenants.way.${id}` }),
        help: intl.formatMessage({ id: `admin.tenants.way.${id}.help` }),
      }))}
    />
  );
}
