// Forms: react-hook-form holds the values, valibot the rules, the server the last word. A page writes
//   const form = useForm({ resolver: standardSchemaResolver(schema), defaultValues });
//   <Form form={form} action={save} onSubmit={save.start}> <FormText control={form.control} name="title" ... /> </Form>
import { useEffect, type ReactNode } from "react";
import { useController, type Control, type FieldPath, type FieldValues, type UseFormReturn } from "react-hook-form";
import { useIntl } from "react-intl";
import { TextArea, type TextAreaProps } from "@updspace/ui/TextArea";
import { TextField, type TextFieldProps } from "@updspace/ui/TextField";
import { ApiError } from "./answer.ts";
import { ActionError, fieldErrors } from "./errors.tsx";

export { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
export { useForm } from "react-hook-form";

interface FormProps<I extends FieldValues, O> {
  form: UseFormReturn<I, unknown, O>;
  /** The action that the form starts, for its error. */
  action: { error: Error | null };
  onSubmit: (values: O) => void;
  children: ReactNode;
}

/** Submits when every rule holds; otherwise the focus goes to the first field that does not. Errors of the server go to their fields. */
export function Form<I extends FieldValues, O>({ form, action, onSubmit, children }: FormProps<I, O>) {
  const intl = useIntl();
  const { setError, getValues } = form;
  useEffect(() => {
    const isField = (field: string) => getValues(field as FieldPath<I>) !== undefined; // undefined for what is no field
    const known = Object.entries(fieldErrors(intl, action.error)).filter(([field]) => isField(field));
    for (const [i, [field, message]] of known.entries()) {
      setError(field as FieldPath<I>, { type: "server", message }, { shouldFocus: i === 0 }); // it is one: control has it
    }
  }, [action.error, getValues, intl, setError]);
  const atFields =
    action.error instanceof ApiError &&
    Object.keys(action.error.fields).length > 0 &&
    Object.keys(action.error.fields).every((field) => getValues(field as FieldPath<I>) !== undefined);
  return (
    <form className="form" noValidate onSubmit={(e) => void form.handleSubmit(onSubmit)(e)}>
      {!atFields && <ActionError error={action.error} />}
      {children}
    </form>
  );
}

/** Moves the focus to the first field that does not hold, for forms whose values are no form's of react-hook-form. */
export function focusInvalid(form: HTMLFormElement): void {
  form.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid] > button')?.focus();
}

type Bound<I extends FieldValues, P> = Omit<P, "value" | "onChange" | "onBlur" | "error" | "name"> & {
  control: Control<I, unknown, unknown>;
  name: FieldPath<I>;
};

export function FormText<I extends FieldValues>({ control, name, ...rest }: Bound<I, TextFieldProps>) {
  const { field, fieldState } = useController({ control, name });
  return (
    <TextField
      {...rest}
      name={name}
      value={field.value}
      onChange={field.onChange}
      onBlur={field.onBlur}
      inputRef={field.ref}
      error={fieldState.error?.message}
    />
  );
}

export function FormArea<I extends FieldValues>({ control, name, ...rest }: Bound<I, TextAreaProps>) {
  const { field, fieldState } = useController({ control, name });
  return (
    <TextArea
      {...rest}
      name={name}
      value={field.value}
      onChange={field.onChange}
      onBlur={field.onBlur}
      areaRef={field.ref}
      error={fieldState.error?.message}
    />
  );
}

/** A call whose error of one code belongs to one field, such as a name that is taken. */
export async function atField<T>(call: Promise<T>, code: string, field: string, text: string): Promise<T> {
  try {
    return await call;
  } catch (e) {
    if (!(e instanceof ApiError) || e.code !== code) throw e;
    throw new ApiError(e.status, e.code, e.message, { [field]: text }, [], e.retryAfter, e.requestId, e.details);
  }
}
