(** The real numbers of Coq as an ordered field of Mathematical Components, with exp and ln. *)
From mathcomp Require Export Rstruct.
Require Export Reals.
From mathcomp Require Export ring. (* after Reals, whose ring it replaces *)
Require Import Base Analysis.
(* Reals has taken over some names and notations: give them back. *)
Export GRing.Theory Num.Theory Order.TTheory Base.
Delimit Scope nat_scope with N.
Delimit Scope ring_scope with R.
Bind Scope ring_scope with R.
Arguments exp _%R.
Arguments ln _%R.

Lemma natIZR n : (n%:R : R) = IZR (Z.of_nat n).
Proof. by rewrite -INRE INR_IZR_INZ. Qed.

Lemma expD (x y : R) : exp (x + y) = exp x * exp y.
Proof. exact: exp_plus. Qed.

Lemma expN (x : R) : exp (- x) = (exp x)^-1.
Proof.
have e0 : exp x != 0 by apply/eqP/not_eq_sym/Rlt_not_eq/exp_pos.
by apply: (mulIf e0); rewrite mulVf // -expD addNr; apply: exp_0.
Qed.

Lemma exp_gt0 (x : R) : 0 < exp x.
Proof. exact/RltP/exp_pos. Qed.

Lemma ler_exp (x y : R) : x <= y -> exp x <= exp y.
Proof.
rewrite le_eqVlt => /orP [/eqP -> // | /RltP xy]; apply/ltW/RltP; exact: exp_increasing.
Qed.

Lemma exp_sum (I : finType) (F : I -> R) : exp (\sum_i F i) = \prod_i exp (F i).
Proof. exact: (big_morph exp expD exp_0). Qed.

Lemma lnK (x : R) : 0 < x -> exp (ln x) = x.
Proof. by move=> /RltP; apply: exp_ln. Qed.

Lemma ln_gt0 (x : R) : 1 < x -> 0 < ln x.
Proof. by move=> /RltP x1; apply/RltP/ln_pos. Qed.

(** A set of reals that has an element and an upper bound has a supremum. *)
Lemma supremum (T : R -> Prop) (a b : R) : T a -> (forall t, T t -> t <= b) ->
  exists mu : R, (forall t, T t -> t <= mu) /\ (forall b, (forall t, T t -> t <= b) -> mu <= b).
Proof.
move=> Ta Tb; have [mu [up least]] : {mu | is_lub T mu}.
  by apply: completeness; [exists b => t /Tb /RleP | exists a].
by exists mu; split=> [t /up /RleP // | c Tc]; apply/RleP/least => t /Tc /RleP.
Qed.
