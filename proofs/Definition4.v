(** Definition 4 of the paper, the orthogonal nullspace property. *)
Require Import Base Euclid.

(** The cone C(S): at least half of the 1-norm is on [S]. *)
Definition in_cone (R : realFieldType) p (S : {set 'I_p})
    (c : 'cV[R]_p) : Prop :=
  \sum_(j in ~: S) `|c j 0| <= \sum_(j in S) `|c j 0|.

(** Definition 4: every vector of the null space is orthogonal to every vector of the cone. *)
Definition orthogonal_nullspace_property (R : realFieldType) n p
    (Phi : 'M[R]_(n, p)) (S : {set 'I_p}) : Prop :=
  forall x c : 'cV[R]_p, Phi *m x = 0 -> in_cone S c -> dot x c = 0.

(** If there is a signal at all, Definition 4 says that the columns are independent. *)
Theorem definition_4_is_full_column_rank (R : realFieldType) n p
    (Phi : 'M[R]_(n, p)) (S : {set 'I_p}) : S != set0 ->
  (orthogonal_nullspace_property Phi S <-> full_column_rank Phi).
Proof.
case/set0Pn => i iS; split=> [onp x x0 | inj x c /inj -> _]; last first.
  by rewrite /dot big1 // => j _; rewrite mxE mul0r.
(* e_i + a e_j is in the cone if i is in S and |a| <= 1 *)
pose e j : 'cV[R]_p := delta_mx j 0.
have cone j (a : R) : j != i -> `|a| <= 1 -> in_cone S (e i + a *: e j).
  move=> ji a1; have ijF : (i == j) = false by rewrite eq_sym (negbTE ji).
  have at_i : (e i + a *: e j) i 0 = 1.
    by rewrite !mxE !eqxx ijF mulr0 addr0.
  have off l : l != i -> `|(e i + a *: e j) l 0| = `|a| * (l == j)%:R.
    move=> li; rewrite !mxE !eqxx andbT (negbTE li) /= add0r.
    by case: (l == j); rewrite ?mulr1 ?mulr0 ?normr0.
  rewrite /in_cone [X in _ <= X](bigD1 i) //= at_i normr1.
  apply: (@le_trans _ _ 1); last by rewrite lerDl sumr_ge0.
  rewrite (eq_bigr (fun l => `|a| * (l == j)%:R)); last first.
    by move=> l; rewrite inE => lS; apply: off; apply: contraNneq lS => ->.
  rewrite -mulr_sumr; case: (boolP (j \in ~: S)) => jS.
    rewrite (bigD1 j) //= eqxx big1 ?addr0 ?mulr1 // => l /andP [_ lj].
    by rewrite (negbTE lj).
  rewrite big1 ?mulr0 ?ler01 // => l lS.
  by rewrite (_ : l == j = false) //; apply: contraNF jS => /eqP <-.
have n0 j a : j != i -> `|a| <= 1 -> x i 0 + a * x j 0 = 0.
  by move=> ji a1; rewrite -!dot_delta -dotZr -dotDr; apply: onp x0 (cone _ _ ji a1).
have xi0 : x i 0 = 0.
  have ci : in_cone S (e i).
    rewrite /in_cone big1 ?sumr_ge0 //.
    move=> l; rewrite inE => lS; rewrite !mxE (_ : l == i = false) ?normr0 //.
    by apply: contraNF lS => /eqP ->.
  by rewrite -dot_delta; apply: onp x0 ci.
apply/colP => j; rewrite [RHS]mxE; have [-> // | ji] := eqVneq j i.
by have := n0 j 1 ji; rewrite normr1 lexx xi0 add0r mul1r; apply.
Qed.
